"""The house's rules: who imports whom, what is missing on purpose, and what every file and README has."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest
from readme_tables import README, updated

from lstmcli.cli import VERBS
from lstmcli.data.declaration import DataSection
from lstmcli.layers import LAYERS
from lstmcli.options import TrainingOptions
from lstmcli.spec.properties import properties_of

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "lstmcli"
FILES = sorted(PACKAGE.rglob("*.py"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

LEVELS = (
    {"errors", "records", "signature", "thread_count", "version", "whole_file"},
    {"kernels", "metrics", "spec", "modelfile"},
    {"layers", "data", "options", "given"},
    {"layer_words", "minibatches", "survey"},
    {"layer_array", "starter"},
    {"layer_ports"},
    {"layer_graph"},
    {"graph", "schema", "spec_file"},
    {"analysis", "graph_building", "passes", "spec_words"},
    {"carried_states", "initialization", "network_file", "spec_data", "prediction"},
    {
        "blocks",
        "continuation",
        "state_file",
        "training",
        "data_fit",
        "data_statistics",
        "evaluation",
        "prediction_table",
    },
    {"row_fit", "activations", "evaluation_table", "forecasting"},
    {"pictures", "preparation", "warmup"},
    {"cli", "python"},
    {"__init__", "__main__"},
)
"""Rooms from the ground up: a room imports from lower levels only."""

NARROW = {
    "kernels": {"records", "thread_count", "whole_file"},
    "spec": {"errors"},
    "modelfile": {"errors", "records", "signature", "version", "whole_file"},
    "layers": {"errors", "records", "kernels", "spec"},
    "data": {"errors", "modelfile", "records", "signature", "spec", "thread_count"},
}
"""Rooms that may not import all that is below them."""

OWNERS = {
    "numba": "kernels",
    "llvmlite": "kernels",
    "yaml": "spec",
    "h5py": "modelfile",
    "scipy": "modelfile",
    "click": "cli",
    "rich": "cli",
    "pyarrow": "data",
    "matplotlib": "pictures",
    "plotly": "pictures",
    "plotext": "cli",
}
"""Libraries that one room alone knows; NumPy is everybody's."""

SHARED_BY_LAYERS = {
    *("convolution", "elementwise", "images", "initializers", "joins", "layer", "lstm_properties"),
    *("normalization", "output_layer", "pooling", "pooling1d", "pooling2d", "recurrent", "windows"),
}
HEAVY = {"numba", "llvmlite", "h5py", "pyarrow", "numpy", "scipy", "yaml", "rich"}
HEAVY |= {"matplotlib", "plotly", "plotext"}


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


MODULES = {module_of(path): path for path in FILES}
TREES = {module: ast.parse(path.read_text(encoding="utf-8")) for module, path in MODULES.items()}


def imports_of(module: str) -> Iterator[str]:
    """Full names of all that a file imports, at its top or inside a function."""
    for node in ast.walk(TREES[module]):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} has a relative import"
            for alias in node.names:
                inside = f"{node.module}.{alias.name}"
                yield inside if inside in MODULES else str(node.module)


def room_of(module: str) -> str:
    return [*module.split("."), "__init__"][1]


def level_of(room: str) -> int:
    return next(number for number, rooms in enumerate(LEVELS) if room in rooms)


def named(node: ast.AST) -> str:
    """`np.random.default_rng` of such a chain of names; empty for anything else."""
    if isinstance(node, ast.Attribute):
        return f"{named(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


@pytest.mark.parametrize("module", MODULES)
def test_imports_go_down(module: str) -> None:
    room = room_of(module)
    for imported in imports_of(module):
        if imported.split(".")[0] != "lstmcli":
            continue
        below = room_of(imported)
        allowed = NARROW.get(room)
        assert below == room or level_of(below) < level_of(room), f"{module} imports {imported}"
        assert below == room or allowed is None or below in allowed, f"{module} imports {imported}"


def test_every_room_has_its_level() -> None:
    assert sorted(room for rooms in LEVELS for room in rooms) == sorted({room_of(m) for m in MODULES})


def test_no_file_imports_itself_by_way_of_others() -> None:
    edges = {module: {i for i in imports_of(module) if i in MODULES} for module in MODULES}
    assert len(list(TopologicalSorter(edges).static_order())) == len(MODULES)


@pytest.mark.parametrize("module", MODULES)
def test_libraries_stay_in_their_rooms(module: str) -> None:
    for imported in imports_of(module):
        library = imported.split(".")[0]
        if library not in sys.stdlib_module_names | {"lstmcli", "numpy"}:
            assert OWNERS[library] == room_of(module), f"{module} imports {imported}"


def test_only_compiled_kernels_know_the_compiler() -> None:
    """Modules outside say the names of kernels, so that these are imported only to be compiled."""
    for module in MODULES:
        inside = module.startswith("lstmcli.kernels.compiled")
        for imported in imports_of(module):
            assert inside or not imported.startswith(("numba", "lstmcli.kernels.compiled")), module


def test_every_library_is_a_declared_dependency() -> None:
    declared = PROJECT["project"]["dependencies"]
    for extra in PROJECT["project"]["optional-dependencies"].values():
        declared = [*declared, *extra]
    names = {re.match(r"[\w-]+", text)[0].lower().replace("pyyaml", "yaml") for text in declared}
    used = {imported.split(".")[0] for module in MODULES for imported in imports_of(module)}
    # llvmlite comes with numba.
    assert used - sys.stdlib_module_names - {"lstmcli", "llvmlite"} <= names


def test_no_verb_imports_another_and_nothing_shared_imports_one() -> None:
    for module in MODULES:
        assert not any(imported.startswith("lstmcli.cli.verbs.") for imported in imports_of(module)), module


def test_no_layer_imports_another() -> None:
    for module in MODULES:
        if module.startswith("lstmcli.layers."):
            others = {i.split(".")[2] for i in imports_of(module) if i.startswith("lstmcli.layers.")}
            assert others <= SHARED_BY_LAYERS, module


@pytest.mark.parametrize("module", [module for module in MODULES if room_of(module) != "cli"])
def test_nothing_below_the_command_line_prints_or_looks_around(module: str) -> None:
    imported = set(imports_of(module))
    assert not imported & {"time", "datetime", "random", "logging", "getpass", "socket"}
    for node in ast.walk(TREES[module]):
        name = named(node)
        assert name not in {"print", "input", "sys.stdout", "sys.stderr", "sys.argv"}, module
        looks = room_of(module) in {"kernels", "thread_count"}
        assert name not in {"os.environ", "os.getenv"} or looks, module
        assert name != "sys.stdin" or room_of(module) == "data", module


@pytest.mark.parametrize("module", MODULES)
def test_no_state_shared_by_all(module: str) -> None:
    for node in ast.walk(TREES[module]):
        assert not isinstance(node, ast.Global), module
        if re.fullmatch(r"(np|numpy)\.random\.\w+", named(node)):
            assert named(node).split(".")[-1] in {"Generator", "default_rng", "SeedSequence"}, module


@pytest.mark.parametrize("module", MODULES)
def test_files_are_short_and_explained(module: str) -> None:
    lines = MODULES[module].read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 250
    assert lines[0].startswith('"""') or not any(line.strip() for line in lines)
    passes = {"forward", "backward", "loss"}
    inherited = passes | {"check", "describe", "propagate", "parameters", "measure", "names", "with_names"}
    inherited |= {
        "works_in_pieces",
        "at_each_step",
        "input_ports",
        "output_ports",
        "function",
        "parameter",
        "dimension",
    }
    for holder in ast.walk(TREES[module]):
        if isinstance(holder, ast.ClassDef) and holder.name.startswith("_"):
            continue
        for node in holder.body if isinstance(holder, ast.Module | ast.ClassDef) else ():
            if not isinstance(node, ast.FunctionDef | ast.ClassDef) or node.name.startswith("_"):
                continue
            overload = any(named(mark) == "overload" for mark in node.decorator_list)
            in_layer = module.startswith("lstmcli.layers.") and isinstance(holder, ast.ClassDef)
            if not overload and not (in_layer and node.name in inherited):
                assert ast.get_docstring(node), f"{module}.{node.name}"


@pytest.mark.parametrize("words", [[], *([verb] for verb in VERBS)], ids=lambda words: "-".join(words))
def test_help_imports_nothing_heavy(words: list[str]) -> None:
    code = (
        "import atexit, sys\n"
        f"sys.argv = ['lstmcli', *{words!r}, '--help']\n"
        f"heavy = {sorted(HEAVY)!r}\n"
        "atexit.register(lambda: print('loaded', sorted(set(heavy) & set(sys.modules)), file=sys.stderr))\n"
        "from lstmcli.cli import main\n"
        "main()\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert (run.returncode, run.stderr) == (0, "loaded []\n")
    assert "Usage: lstmcli" in run.stdout


def test_readme_names_every_layer_property_option_and_verb() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    words = {word for declaring in (*LAYERS, TrainingOptions) for word in properties_of(declaring)}
    words |= {layer.word for layer in LAYERS}
    assert not [word for word in sorted(words) if not re.search(rf"\b{word}\b", readme)]
    common = [*properties_of(DataSection), *VERBS]
    assert not [word for word in common if not re.search(rf"`{word}\b[^`]*`", readme)]


def test_no_file_is_left_out_of_the_package() -> None:
    assert PROJECT["tool"]["setuptools"]["packages"]["find"] == {"include": ["lstmcli*"]}
    for path in FILES:
        assert (path.parent / "__init__.py").is_file(), path
    files = [path for path in PACKAGE.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    assert [path for path in files if path.suffix != ".py"] == [PACKAGE / "py.typed"]
    assert PROJECT["tool"]["setuptools"]["package-data"] == {"lstmcli": ["py.typed"]}


def compiled_for(module: str) -> Iterator[str]:
    """The modules of the kernels that a module names, and the compiler where it is named itself."""
    for node in ast.walk(TREES[module]):
        if isinstance(node, ast.Call) and named(node.func) == "Kernel":
            yield f"lstmcli.kernels.compiled.{ast.literal_eval(node.args[0])}"
        elif isinstance(node, ast.Constant) and node.value in MODULES:
            yield node.value


def test_every_file_is_used_by_the_program() -> None:
    reached: set[str] = set()
    ahead = ["lstmcli.__main__", *(f"lstmcli.cli.verbs.{verb}" for verb in VERBS)]
    while ahead:
        module = ahead.pop()
        if module in MODULES and module not in reached:
            reached.add(module)
            ahead += [*imports_of(module), *compiled_for(module), module.rpartition(".")[0]]
    assert reached == set(MODULES)


def test_the_tables_of_the_readme_are_those_of_the_declarations() -> None:
    text = README.read_text(encoding="utf-8")
    assert text == updated(text), "run tests/readme_tables.py"
