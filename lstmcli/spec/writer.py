"""A spec back to YAML text, so that reading it again gives the same values."""

import re
from math import inf
from typing import Any

import yaml

_FLOAT, _STR = "tag:yaml.org,2002:float", "tag:yaml.org,2002:str"
_NUMBER = re.compile(r"(?:[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?|Inf)$")


def write_yaml(tree: Any) -> str:
    """YAML text of nested mappings, lists, numbers and texts."""
    return yaml.dump(tree, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)


def write_value(value: Any) -> str:
    """YAML text of a value on one line."""
    text: str = yaml.dump(
        value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, default_flow_style=True, width=inf
    )
    return text.removesuffix("...\n").strip("\n")


class _Dumper(yaml.SafeDumper):
    """PyYAML's safe dumper, with numbers and texts as our reader takes them."""

    def ignore_aliases(self, data: Any) -> bool:
        """Write every value out, rather than `*id001`."""
        return True


def _float(dumper: _Dumper, value: float) -> yaml.ScalarNode:
    return dumper.represent_scalar(_FLOAT, "Inf" if value == float("inf") else repr(value))


def _text(dumper: _Dumper, value: str) -> yaml.ScalarNode:
    # Between other quotes PyYAML loses some line breaks, U+0085 among them.
    return dumper.represent_scalar(_STR, value, style=None if value.isprintable() else '"')


_Dumper.add_representer(float, _float)
_Dumper.add_representer(str, _text)
# YAML 1.1 takes `1e-08` and `Inf` for texts: numbers would get a tag, and such texts would get no quotes.
_Dumper.add_implicit_resolver(_FLOAT, _NUMBER, list("+-.0123456789I"))
