"""The outputs and inputs that `inputs` and `connections` name: `layer` or `layer/port`, in any case."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from lstmcli.errors import Fault, Mark, did_you_mean, listed
from lstmcli.layer_array import Entry
from lstmcli.layers.layer import Layer
from lstmcli.spec.properties import properties_of

_PORTS = {"output": "output_ports", "input": "input_ports"}
"""The properties of a layer that list its ports."""


class Ports:
    """The layers of a spec, found by name. What is wrong with a name goes into `faults`.

    A layer is meant by its name as it is written, else in any case where that fits one layer alone.
    """

    def __init__(self, entries: tuple[Entry, ...], faults: list[Fault]):
        self.entries, self.faults = entries, faults
        self._numbers = {entry.layer.name: number for number, entry in enumerate(entries)}

    def output(self, text: str, mark: Mark, owner: str) -> tuple[int, int] | None:
        """The numbers of a layer and of its port; a layer alone means its first port.

        owner : whose text it is, for messages
        """
        number, port = self._layer(text, mark, owner)
        if number is None:
            return None
        entry = self.entries[number]
        ports = entry.layer.output_ports
        if not ports:
            self.faults.append(Fault(f"{entry.title} has no output for a layer", mark))
            return None
        found = _same(port, ports) if port else ports[0]
        if found is None:
            self.faults.append(_no_port(entry, port, "output", mark))
            return None
        return number, ports.index(found)

    def input(self, text: str, mark: Mark, owner: str) -> tuple[int, str] | None:
        """The number of a layer and the name of its port; a layer alone means its only port."""
        number, port = self._layer(text, mark, owner)
        if number is None:
            return None
        entry = self.entries[number]
        ports = entry.layer.input_ports
        found = _same(port, ports) if port else ports[0] if len(ports) == 1 else None
        if found is not None:
            return number, found
        if ports:
            self.faults.append(_no_port(entry, port, "input", mark))
        else:
            self.faults.append(Fault(f"{entry.title} takes no input", mark))
        return None

    def _layer(self, text: str, mark: Mark, owner: str) -> tuple[int | None, str]:
        name, _, port = text.partition("/")
        if name in self._numbers:
            return self._numbers[name], port
        alike = [known for known in self._numbers if known.lower() == name.lower()]
        if len(alike) == 1:
            return self._numbers[alike[0]], port
        named = [entry.layer.name for entry in self.entries if entry.layer.word.lower() == name.lower()]
        if alike:
            help: str | None = f"several differ from it in case alone: {listed(alike)}"
        elif named:
            help = f"layers of this kind have the name{'s' if len(named) > 1 else ''} {listed(named)}"
        else:
            help = did_you_mean(name, self._numbers) or f"the layers are {', '.join(self._numbers)}"
        self.faults.append(Fault(f"{owner} names `{name}`, which is no layer", mark, help))
        return None, port


def _same(port: str, ports: Iterable[str]) -> str | None:
    """The port that is meant, in any case."""
    return next((known for known in ports if known.lower() == port.lower()), None)


def _no_port(entry: Entry, port: str, kind: str, mark: Mark) -> Fault:
    """The fault of a port that the layer does not have, or of none named where it has several."""
    ports = getattr(entry.layer, _PORTS[kind])
    message = f"{entry.title} has {f'no {kind} `{port}`' if port else f'several {kind}s'}"
    switch = _switch(entry.layer, port, kind)
    if switch:
        return Fault(message, mark, f"give it `{switch}: true`")
    names = listed(f"{entry.layer.name}/{known}" for known in ports)
    return Fault(message, mark, f"its {kind}{'s are' if len(ports) > 1 else ' is'} {names}")


def _switch(layer: Layer, port: str, kind: str) -> str | None:
    """The property that would give the layer this port, if it were on."""
    for word, item in properties_of(type(layer)).items():
        if getattr(layer, item.name) is False:
            switched: Any = {item.name: True}
            ports = getattr(replace(layer, **switched), _PORTS[kind])
            if _same(port, ports) is not None:
                return word
    return None
