"""What programs may send to `/api`: nothing but what is named here, each within its limits."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, JsonValue

from qa.asked import Mode

# The most quotations one call may ask for.
MOST_QUOTES = 50
_QUESTION, _NAME, _DRAFT, _NAMES = 20_000, 5_000, 300_000, 10_000

Names = Annotated[
    list[Annotated[str, Field(max_length=_NAME)]],
    Field(min_length=1, max_length=_NAMES, description="Of these documents only, by their paths in the library."),
]


# What the document says beside the kinds; who keeps to none of it is told in a sentence of ours.
_WRITTEN: dict[str, JsonValue] = {"pattern": r"^[^\x00]*[^\s\x00][^\x00]*$"}
_ONE_OF: dict[str, JsonValue] = {
    "oneOf": [
        {"required": [one], "properties": {one: {"type": "string"}, other: {"type": "null"}}}
        for one, other in (("text", "draft"), ("draft", "text"))
    ]
}


def _whole(value: object) -> object:
    """A whole number however it is written: to JSON, 5.0 is one."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


class _Sent(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class Ask(_Sent):
    """A question; all else can be left out."""

    question: str = Field(
        max_length=_QUESTION,
        description="What is asked; words in double quotation marks must stand in the passage as they are.",
        examples=["What tanks did the Soviet Union supply?"],
        json_schema_extra=_WRITTEN,
    )
    k: Annotated[int, BeforeValidator(_whole)] = Field(
        5, ge=1, le=MOST_QUOTES, description="The most quotations that are wanted."
    )
    documents: Names | None = None
    mode: Mode | None = Field(None, description='"list": all k, each by its own score (of k over 10: always).')
    reader: bool = Field(True, description="Without it answers come sooner, and none is said to answer.")


class Check(_Sent):
    """A quotation by itself (`text`), or a `draft` whose quotations are found by their marks: one of both."""

    model_config = ConfigDict(json_schema_extra=_ONE_OF)

    text: str | None = Field(
        None,
        max_length=_QUESTION,
        description="One quotation.",
        examples=["advanced weaponry"],
        json_schema_extra=_WRITTEN,
    )
    draft: str | None = Field(None, max_length=_DRAFT, description="A whole draft.", json_schema_extra=_WRITTEN)
    format: Literal["markdown", "html", "text"] = Field("markdown", description="What the draft is written in.")
    documents: Names | None = None
    all: bool = Field(False, description="Also one or two words in quotation marks, and titles of essays.")
