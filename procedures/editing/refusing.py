"""What an editor is told when a step cannot be taken; nothing has changed then."""


class NotPossible(Exception):
    """The step cannot be taken now. The message is a sentence for the editor."""


class OutOfDate(NotPossible):
    """Somebody else saved the draft since this editor opened it. `draft` is as it stands now."""

    def __init__(self, draft: object) -> None:
        super().__init__("Somebody else has saved this draft since you opened it. Nothing of yours has been saved yet.")
        self.draft = draft
