"""What is said to programs that are not at this machine."""

import pytest

from qa.programs.folders import without_folders


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        (
            "There is no index at '/srv/my a/i'; run: quoth index \"/my e\"",
            "There is no index at 'i'; run: quoth index \"my e\"",
        ),
        (
            'The index at "/it\'s/idx" is damaged; run: quoth index /srv/e.',
            'The index at "idx" is damaged; run: quoth index e.',
        ),
        ("They cannot be read: /usr/lib/model.bin; install it", "They cannot be read: model.bin; install it"),
        (r"There is none at 'C:\Users\me\idx' (\\host\x\e)", "There is none at 'idx' (e)"),
        (
            "They are not as expected: /home/me/My old essays/idx/a b.bin has 3",
            "They are not as expected: a b.bin has 3",
        ),
        (r"C:\Users\Ada Byron\idx is damaged; run: x", "idx is damaged; run: x"),
        ("/my a/b.txt is not /my c/d.txt", "b.txt is not d.txt"),
        ("/srv/a is damaged. Read http://host/x and 1/2 of it", "a is damaged. Read http://host/x and 1/2 of it"),
        ("milvus://db:19530/c has no 'sub/a.txt', and/or '/'", "milvus://db:19530/c has no 'sub/a.txt', and/or …"),
    ],
)
def test_paths_of_the_machine_are_named_without_their_folders(sentence: str, told: str) -> None:
    assert without_folders(sentence) == told
