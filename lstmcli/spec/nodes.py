"""A spec as a tree of nodes, before anyone has decided what its words mean."""

from dataclasses import dataclass
from enum import Enum

from lstmcli.errors import Mark


class Form(Enum):
    """What a node is."""

    SCALAR = "a single value"
    LIST = "a list"
    MAPPING = "a mapping of names to values"


@dataclass(frozen=True)
class Node:
    """A piece of a spec.

    text : of a scalar, as written without its quotes; quoted : whether it had quotes
    items : of a list; pairs : of a mapping, key and value in the order of the text
    """

    form: Form
    mark: Mark
    text: str = ""
    quoted: bool = False
    items: tuple["Node", ...] = ()
    pairs: tuple[tuple["Node", "Node"], ...] = ()

    @property
    def empty(self) -> bool:
        """Whether nothing, `~` or `null` was written."""
        nothing = ("", "~", "null", "Null", "NULL")
        return self.form is Form.SCALAR and not self.quoted and self.text in nothing

    def get(self, key: str) -> "Node | None":
        """The value under `key` of a mapping, or None."""
        return next((value for name, value in self.pairs if name.text == key), None)

    def show(self) -> str:
        """What the user wrote, short enough for a message."""
        if self.form is not Form.SCALAR:
            return str(self.form.value)
        text = self.text if len(self.text) <= 60 else f"{self.text[:60]}..."
        if self.quoted:
            return f"`{text!r}`"
        return f"`{text}`" if text else "nothing"
