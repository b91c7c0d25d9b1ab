"""Errors that the reader of the message can put right."""


class UserError(Exception):
    """Something the user can mend: the message is one sentence that says what, which and what to do."""


class UnreadableFile(UserError):
    """A file that cannot become a document; the message is the reason, without the file's name."""
