"""How a property is declared, and how a mapping in a spec is checked against the declarations of a class."""

import dataclasses
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from lstmcli.errors import Fault, Mark, did_you_mean
from lstmcli.spec.kind import Kind, RefusedError
from lstmcli.spec.nodes import Form, Node


@dataclass(frozen=True)
class Property:
    """A declared property: `word` is what the user writes, `name` the Python attribute."""

    name: str
    word: str
    kind: Kind
    help: str
    default: Any

    @property
    def required(self) -> bool:
        """Whether the user has to give it."""
        return self.default is dataclasses.MISSING


def prop(kind: Kind, help: str, *, default: Any = dataclasses.MISSING, word: str | None = None) -> Any:
    """A dataclass field that a user can write; `word` where it is not the CamelCase of the name."""
    return dataclasses.field(default=default, metadata={"kind": kind, "help": help, "word": word})


def camel(name: str) -> str:
    """MATLAB's spelling of a Python name: `num_hidden_units` -> `NumHiddenUnits`."""
    return "".join(part[:1].upper() + part[1:] for part in name.split("_"))


def kebab(word: str) -> str:
    """A flag's spelling of MATLAB's name: `MiniBatchSize` -> `mini-batch-size`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", word).lower()


def properties_of(declaring: type) -> dict[str, Property]:
    """The declared properties of a dataclass, by the user's word, in order."""
    found = {}
    for declared in dataclasses.fields(declaring):
        told = declared.metadata
        if "kind" in told:
            word = told["word"] or camel(declared.name)
            found[word] = Property(declared.name, word, told["kind"], told["help"], declared.default)
    return found


@dataclass
class Reading:
    """What was read, by Python name: values, marks, and of lists the marks of their items.

    whole : nothing was wrong
    """

    values: dict[str, Any] = field(default_factory=dict)
    marks: dict[str, Mark] = field(default_factory=dict)
    items: dict[str, tuple[Mark, ...]] = field(default_factory=dict)
    whole: bool = True


def read_properties(
    declaring: type,
    pairs: Iterable[tuple[Node, Node]],
    owner: str,
    mark: Mark,
    faults: list[Fault],
    foreign: dict[str, str] | None = None,
) -> Reading:
    """Check the pairs of a mapping against the properties that `declaring` declares.

    owner : completes "is not a property of ..."; mark : where the owner stands, for what is missing;
    foreign : words that MATLAB has and we do not, with the reason. Everything wrong goes into `faults`.
    """
    known = properties_of(declaring)
    by_lower = {word.lower(): item for word, item in known.items()}
    reading = Reading()
    unknown = []
    for key, value in pairs:
        item = by_lower.get(key.text.lower())
        if item is None:
            reason = {word.lower(): why for word, why in (foreign or {}).items()}.get(key.text.lower())
            help = reason or did_you_mean(key.text, known) or f"{owner} has {', '.join(known)}"
            faults.append(Fault(f"`{key.text}` is not a property of {owner}", key.mark, help))
            if reason is None:
                unknown.append(key.text)
            reading.whole = False
            continue
        if item.name in reading.marks:
            line = reading.marks[item.name].line
            message = f"`{item.word}` of {owner} is given twice, first in line {line}"
            faults.append(Fault(message, key.mark, "keep one of the two"))
            reading.whole = False
            continue
        reading.marks[item.name] = _mark(key, value)
        if value.form is Form.LIST:
            reading.items[item.name] = tuple(part.mark for part in value.items)
        try:
            reading.values[item.name] = item.kind.read(value)
        except RefusedError as refused:
            wrong = refused.node or value
            message = f"`{item.word}` of {owner} must be {item.kind.wording}, got {wrong.show()}"
            faults.append(Fault(message, _mark(key, wrong), refused.help))
            reading.whole = False
    for item in known.values():
        misspelt = any(did_you_mean(word, [item.word]) for word in unknown)
        if item.required and item.name not in reading.marks and not misspelt:
            faults.append(Fault(f"{owner} needs `{item.word}`", mark, f"`{item.word}` is {item.help}"))
            reading.whole = False
    return reading


def _mark(key: Node, value: Node) -> Mark:
    return value.mark if value.form is Form.SCALAR and value.text else key.mark


def shown_properties(instance: Any) -> dict[str, Any]:
    """Every property of a declared object with its value, as the YAML writer shows it; None is left out."""
    shown = {}
    for word, item in properties_of(type(instance)).items():
        value = getattr(instance, item.name)
        if value is not None:
            shown[word] = item.kind.write(value)
    return shown
