"""What others import of a package, kept in ``surface.txt`` beside it: `make surface` writes it.

Of the SDK that is every public name, of a plugin what its ``public.py`` lists; it is read from the source, nothing is
imported. What breaks whoever uses it isn't written until the version says so: its major number, before 1.0 its minor
one.
"""

from __future__ import annotations

import ast
import sys
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tools.checks.found import TargetGone, tree  # noqa: E402 - a script finds its package first
from tools.surface_compared import breaking  # noqa: E402 - likewise

FILE: Final = "surface.txt"
#: what only the kernel sees of the SDK
_PRIVATE: Final = ("port",)
_MAKERS: Final = ("TypeVar", "ParamSpec", "TypeVarTuple", "getLogger")
_KINDS: Final = ("abstractmethod", "property", "classmethod", "staticmethod", "overload")

Surface = Mapping[str, str]


@dataclass(frozen=True)
class Package:
    """A package that others import.

    Args:
        folder: of its distribution, where ``surface.txt`` lies.
        name: ``tenor_loans``.
        promise: distribution and the number of its version that stands for a break: ``tenor-loans 0.1``.
    """

    folder: Path
    name: str
    promise: str

    @property
    def file(self) -> Path:
        return self.folder / FILE

    def kept(self) -> tuple[str, Surface]:
        """The promise and the names that were written last; empty where nothing was."""
        if not self.file.is_file():
            return "", {}
        first, *lines = self.file.read_text("utf-8").splitlines()
        return first.removeprefix("# "), dict(line.split(": ", 1) for line in lines)


def packages(root: Path) -> Iterator[Package]:
    """The SDK, and every plugin with a ``public.py``.

    Raises:
        TargetGone: there is none.
    """
    found = [
        *root.glob("sdk/tenor_sdk/__init__.py"),
        *sorted(root.glob("plugins/*/tenor_*/public.py")),
    ]
    if len(found) < 2:
        raise TargetGone("no plugin has a public.py: correct tools/surface.py")
    for file in found:
        folder = file.parents[1]
        project = tomllib.loads((folder / "pyproject.toml").read_text("utf-8"))["project"]
        major, minor, *_rest = project["version"].split(".")
        moved = major if major != "0" else f"0.{minor}"
        yield Package(folder, file.parent.name, f"{project['name']} {moved}")


def surface(package: Package) -> Surface:
    """Each public name with what there is to know of it: its signature, its bases, its type."""
    source = package.folder / package.name
    files = [source / "public.py"] if (source / "public.py").is_file() else modules(source)
    found: dict[str, str] = {}
    for file in files:
        parts = file.relative_to(package.folder).with_suffix("").parts
        module = ".".join(part for part in parts if part not in ("__init__", "public"))
        for name, node in listed(package, file).items():
            found |= dict(_told(f"{module}.{name}", node))
    return dict(sorted(found.items()))


def modules(source: Path) -> list[Path]:
    return sorted(path for path in source.rglob("*.py") if path.stem not in _PRIVATE)


def listed(package: Package, file: Path) -> dict[str, list[ast.stmt]]:
    """The public names of a module and where each is made: those of ``__all__``, else those made here."""
    made = _made(file)
    words = made.get("__all__")
    if not words:
        return {
            name: nodes
            for name, nodes in made.items()
            if not (name.startswith("_") or isinstance(nodes[0], ast.ImportFrom))
        }
    listed = ast.literal_eval(words[0].value) if isinstance(words[0], ast.Assign) else ()
    return {name: _followed(package, file, name) for name in listed}


def _made(file: Path) -> dict[str, list[ast.stmt]]:
    """What a module makes or imports at its top, by name; more than one statement where it is overloaded."""
    found: dict[str, list[ast.stmt]] = {}
    for node in _top(tree(file).body):
        for name in _names(node):
            if isinstance(node, ast.FunctionDef) and is_overload(found.get(name, [None])[-1]):
                found[name].append(node)
            else:
                found[name] = [node]
    return found


def _top(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    for node in body:
        if isinstance(node, ast.If):
            yield from _top(node.body)
        else:
            yield node


def _names(node: ast.stmt) -> Iterator[str]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        yield node.name
    elif isinstance(node, ast.ImportFrom):
        yield from (each.asname or each.name for each in node.names)
    elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        yield node.target.id
    elif isinstance(node, ast.Assign) and not calls(node.value, *_MAKERS):
        yield from (each.id for each in node.targets if isinstance(each, ast.Name))


def _followed(package: Package, file: Path, name: str) -> list[ast.stmt]:
    """Where a name is made that a module may only hand on."""
    nodes = _made(file).get(name)
    if nodes is None or not isinstance(nodes[0], ast.ImportFrom):
        return nodes or []
    module = nodes[0].module or ""
    path = package.folder.joinpath(*module.split("."))
    own = next(
        (each for each in (path.with_suffix(".py"), path / "__init__.py") if each.is_file()), None
    )
    first = next(each.name for each in nodes[0].names if name in (each.asname, each.name))
    return nodes if own is None or package.name == "tenor_sdk" else _followed(package, own, first)


def _told(name: str, nodes: list[ast.stmt]) -> Iterator[tuple[str, str]]:
    """A name and, of a class, its parts."""
    node = nodes[0] if nodes else None
    if isinstance(node, ast.ImportFrom):
        yield name, f"from {node.module}"
    elif isinstance(node, ast.ClassDef):
        yield from _class(name, node)
    elif isinstance(node, ast.FunctionDef):
        yield name, _signatures([each for each in nodes if isinstance(each, ast.FunctionDef)])
    elif isinstance(node, ast.AnnAssign):
        yield name, ast.unparse(node.annotation)
    elif isinstance(node, ast.Assign):
        value = node.value
        yield name, ast.unparse(value.func) if isinstance(value, ast.Call) else "a value"
    else:
        yield name, "a module"


def _class(name: str, node: ast.ClassDef) -> Iterator[tuple[str, str]]:
    mark = "@dataclass " if any(calls(each, "dataclass") for each in node.decorator_list) else ""
    yield name, f"{mark}class({', '.join(ast.unparse(each) for each in node.bases)})"
    functions: dict[str, list[ast.FunctionDef]] = {}
    for part in node.body:
        if isinstance(part, ast.FunctionDef):
            functions.setdefault(part.name, []).append(part)
        elif isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name):
            given = " = ..." if part.value is not None else ""
            yield from _unless_private(name, part.target.id, ast.unparse(part.annotation) + given)
        elif isinstance(part, ast.Assign) and isinstance(part.targets[0], ast.Name):
            said = ast.unparse(part.value) if isinstance(part.value, ast.Constant) else "a value"
            yield from _unless_private(name, part.targets[0].id, said)
    for each, parts in functions.items():
        if each == "__init__" or not each.startswith("_"):
            yield f"{name}.{each}", _signatures(parts)


def _unless_private(name: str, part: str, said: str) -> Iterator[tuple[str, str]]:
    if not part.startswith("_"):
        yield f"{name}.{part}", said


def _signatures(nodes: list[ast.FunctionDef]) -> str:
    """Of an overloaded function what calls it sees; of a property that is set too, both."""
    overloads = [node for node in nodes if is_overload(node)]
    return " | ".join(_signature(node) for node in overloads or nodes)


def _signature(node: ast.FunctionDef) -> str:
    """``(ctx: Context, day: date, *, late: bool = ...) -> int``, whatever a default is."""
    arguments = node.args
    arguments.defaults = [ast.Constant(...) for _ in arguments.defaults]
    arguments.kw_defaults = [each and ast.Constant(...) for each in arguments.kw_defaults]
    returns = f" -> {ast.unparse(node.returns)}" if node.returns else ""
    kinds = [word for word in _KINDS for each in node.decorator_list if calls(each, word)]
    return " ".join([*kinds, f"({ast.unparse(arguments)}){returns}"])


def is_overload(node: ast.stmt | None) -> bool:
    if not isinstance(node, ast.FunctionDef):
        return False
    return any(calls(each, "overload") for each in node.decorator_list)


def calls(node: ast.expr, *words: str) -> bool:
    """Whether an expression is one of these names, or a call of it."""
    called = node.func if isinstance(node, ast.Call) else node
    return getattr(called, "id", getattr(called, "attr", "")) in words


def main() -> int:
    """Write each surface; refuse what breaks a promise."""
    refused = 0
    for package in packages(ROOT):
        promise, before = package.kept()
        now = surface(package)
        broken = list(breaking(before, now)) if promise == package.promise else []
        for words in broken:
            print(f"{package.name}: {words}")
        if broken:
            refused += 1
            print(f"{package.name}: nothing written; move the version of {package.promise} first")
            continue
        lines = (f"{name}: {said}\n" for name, said in now.items())
        package.file.write_text(f"# {package.promise}\n{''.join(lines)}", "utf-8")
    return 1 if refused else 0


if __name__ == "__main__":
    raise SystemExit(main())
