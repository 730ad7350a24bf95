"""What each layer's own tests say of it: `EXAMPLES`, `PROPERTIES`, and `REQUIRED` if it cannot do without."""

from importlib import import_module

from layers.example import Example

from lstmcli.layers import LAYERS
from lstmcli.layers.layer import Layer

_TESTS = {layer: import_module(f"layers.test_{layer.__module__.rpartition('.')[2]}") for layer in LAYERS}

CASES: list[tuple[type[Layer], Example]] = [
    (layer, example) for layer, tests in _TESTS.items() for example in tests.EXAMPLES
]
"""Each layer class with each of its examples."""

PROPERTIES: dict[type[Layer], frozenset[str]] = {
    layer: frozenset(tests.PROPERTIES.split()) for layer, tests in _TESTS.items()
}
"""The properties in MATLAB's own spelling, from its documentation."""

REQUIRED: dict[type[Layer], tuple[str, ...]] = {
    layer: getattr(tests, "REQUIRED", ()) for layer, tests in _TESTS.items()
}
"""What a layer cannot do without, as lines of a mapping."""
