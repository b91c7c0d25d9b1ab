"""English forms that no ending tells: went → go, mice → mouse."""

from __future__ import annotations

# The word, and its other forms. Words that mean something else more often ("rose", "wound", "ground") are left out.
_FORMS = """
arise arose arisen|awake awoke awoken|bear bore borne|beat beaten|become became|begin began begun|bend bent|bind bound
bite bit bitten|bleed bled|blow blew blown|break broke broken|breed bred|bring brought|build built|burn burnt|buy bought
catch caught|choose chose chosen|cling clung|come came|creep crept|deal dealt|dig dug|draw drew drawn|dream dreamt
drink drank drunk|drive drove driven|dwell dwelt|eat ate eaten|fall fell fallen|feed fed|feel felt|fight fought
find found|flee fled|fling flung|fly flew flown|forbid forbade forbidden|forget forgot forgotten
forgive forgave forgiven|freeze froze frozen|get got gotten|give gave given
go goes went gone|grow grew grown|hang hung|hear heard|hide hid hidden
hold held|keep kept|kneel knelt|know knew known|lay laid|lead led|leap leapt|learn learnt|leave left|lend lent
lie lain|light lit|lose lost|make made|mean meant|meet met|mistake mistook mistaken|overcome overcame|pay paid
prove proven|ride rode ridden|ring rang rung|rise risen|run ran|say said|see seen saw|seek sought|sell sold|send sent
shake shook shaken|shine shone|shoot shot|show shown|shrink shrank shrunk|sing sang sung|sink sank sunk|sit sat
sleep slept|slide slid|sow sown|speak spoke spoken|spell spelt|spend spent|spill spilt|spin spun|spring sprang sprung
stand stood|steal stole stolen|stick stuck|sting stung|strike struck stricken|strive strove striven|swear swore sworn
sweep swept|swell swollen|swim swam swum|swing swung|take took taken|teach taught|tear tore torn|tell told
think thought|throw threw thrown|understand understood|undertake undertook undertaken|undergo underwent undergone
uphold upheld|wake woke woken|wear wore worn|weave wove woven|weep wept|win won|withdraw withdrew withdrawn
withstand withstood|write wrote written
child children|man men|woman women|mouse mice|louse lice|goose geese|foot feet|tooth teeth|ox oxen|die dice
person people|wife wives|life lives|knife knives|wolf wolves|leaf leaves|half halves|thief thieves|loaf loaves
shelf shelves|calf calves|sheaf sheaves|hoof hooves|penny pence
crisis crises|basis bases|thesis theses|hypothesis hypotheses|analysis analyses|axis axes|phenomenon phenomena
criterion criteria|medium media|bacterium bacteria|datum data|stratum strata|nucleus nuclei|fungus fungi|cactus cacti
radius radii|alumnus alumni|larva larvae|formula formulae|index indices|matrix matrices|vertex vertices
"""
# Of two words that share a form, the one that is meant more often.
IRREGULAR = {
    form: word
    for line in _FORMS.split("\n")
    for group in line.split("|")
    if (word := group.split(" ")[0])
    for form in group.split(" ")[1:]
    if form not in ("bore", "bound", "bit", "lives", "leaves", "bases", "axes", "dice", "won")
}
