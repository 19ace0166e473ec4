"""The reference of the SDK: a page for each of its modules, with the signatures and docstrings of what is public."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from inspect import cleandoc
from pathlib import Path
from typing import Final

from tools.checks.found import tree
from tools.surface import is_overload, listed, modules, packages

_PARTS: Final = {
    "Args": "Arguments", "Attributes": "Attributes", "Raises": "Raises", "Returns": "Returns", "Yields": "Yields",
}  # fmt: skip
_WIDTH: Final = 100
_ENTRY: Final = re.compile(r"(\*{0,2}[\w.]+(?:, \*{0,2}[\w.]+)*): (.*)")


def pages(root: Path) -> dict[str, str]:
    """Each page by the name of its file, and the index of them all."""
    package = next(each for each in packages(root) if each.name == "tenor_sdk")
    found = {}
    rows = []
    for file in modules(package.folder / package.name):
        names = listed(package, file)
        own = {name: nodes for name, nodes in names.items() if _is_own(nodes)}
        module = ".".join(file.relative_to(package.folder).with_suffix("").parts)
        module = module.removesuffix(".__init__")
        if not own:
            continue
        found[f"sdk/{module}.md"] = _page(module, file, own)
        rows.append(f"| [`{module}`](sdk/{module}.md) | {_first(tree(file))} |")
    return {"sdk.md": "\n".join([*_INDEX, *rows, ""]), **found}


_INDEX: Final = (
    "# The SDK",
    "",
    "What plugins import, module by module. What `tenor_sdk` itself hands on stands with the module that makes it.",
    "",
    "| module | |",
    "| --- | --- |",
)


def _is_own(nodes: list[ast.stmt]) -> bool:
    return bool(nodes) and isinstance(nodes[0], ast.FunctionDef | ast.ClassDef)


def _first(node: ast.Module) -> str:
    """The first sentence of a docstring."""
    said = " ".join((ast.get_docstring(node) or "").partition("\n\n")[0].split())
    return _words(re.split(r"(?<=\.) ", said)[0])


def _page(module: str, file: Path, names: dict[str, list[ast.stmt]]) -> str:
    lines = [f"# {module}", "", *_told(ast.get_docstring(tree(file)) or "")]
    for name, nodes in sorted(names.items(), key=lambda pair: pair[1][0].lineno):
        lines += _function(name, nodes, "##") if _is_function(nodes[0]) else _class(name, nodes[0])
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).rstrip() + "\n"


def _is_function(node: ast.stmt) -> bool:
    return isinstance(node, ast.FunctionDef)


# -- functions and classes ---------------------------------------------------------------------------------------------


def _function(name: str, nodes: list[ast.stmt], level: str) -> Iterator[str]:
    functions = [node for node in nodes if isinstance(node, ast.FunctionDef)]
    shown = [node for node in functions if is_overload(node)] or functions[-1:]
    yield from (f"{level} {name}", "", "```python")
    yield from (line for node in shown for line in _signature(node))
    yield from ("```", "")
    yield from _told(ast.get_docstring(functions[-1]) or "")


def _signature(node: ast.FunctionDef) -> Iterator[str]:
    """As it is written, one argument a line where it is long."""
    marks = [ast.unparse(each) for each in node.decorator_list if ast.unparse(each) != "overload"]
    yield from (f"@{mark}" for mark in marks)
    returns = f" -> {ast.unparse(node.returns)}" if node.returns else ""
    arguments = list(_arguments(node.args))
    line = f"def {node.name}({', '.join(arguments)}){returns}"
    if len(line) <= _WIDTH:
        yield line
        return
    yield from (f"def {node.name}(", *(f"    {each}," for each in arguments), f"){returns}")


def _arguments(all_: ast.arguments) -> Iterator[str]:
    places = [*all_.posonlyargs, *all_.args]
    free = len(places) - len(all_.defaults)
    for at, each in enumerate(places):
        yield _argument(each, all_.defaults[at - free] if at >= free else None)
        if all_.posonlyargs and at == len(all_.posonlyargs) - 1:
            yield "/"
    if all_.vararg or all_.kwonlyargs:
        yield f"*{ast.unparse(all_.vararg) if all_.vararg else ''}"
    for each, default in zip(all_.kwonlyargs, all_.kw_defaults, strict=True):
        yield _argument(each, default)
    if all_.kwarg:
        yield f"**{ast.unparse(all_.kwarg)}"


def _argument(node: ast.arg, default: ast.expr | None) -> str:
    if default is None:
        return ast.unparse(node)
    return f"{ast.unparse(node)}{' = ' if node.annotation else '='}{ast.unparse(default)}"


def _class(name: str, node: ast.stmt) -> Iterator[str]:
    assert isinstance(node, ast.ClassDef)
    bases = f"({', '.join(map(ast.unparse, node.bases))})" if node.bases else ""
    yield from (f"## {name}", "", "```python")
    yield from (f"@{ast.unparse(each)}" for each in node.decorator_list)
    yield f"class {name}{bases}"
    yield from (f"    {line}" for line in _fields(node))
    yield from ("```", "")
    yield from _told(ast.get_docstring(node) or "")
    methods: dict[str, list[ast.stmt]] = {}
    for part in node.body:
        if isinstance(part, ast.FunctionDef) and not part.name.startswith("_"):
            methods.setdefault(part.name, []).append(part)
    for each, parts in methods.items():
        yield from _function(f"{name}.{each}", parts, "###")


def _fields(node: ast.ClassDef) -> Iterator[str]:
    for part in node.body:
        if isinstance(part, ast.AnnAssign) and not ast.unparse(part.target).startswith("_"):
            yield ast.unparse(part)


# -- docstrings --------------------------------------------------------------------------------------------------------


def _told(docstring: str) -> Iterator[str]:
    """A docstring as Markdown: its sections as lists, its examples as code."""
    lines = cleandoc(docstring).splitlines()
    at = 0
    while at < len(lines):
        line = lines[at]
        block, at = _indented(lines, at + 1)
        if line.removesuffix(":") in _PARTS and line.endswith(":"):
            yield from (f"**{_PARTS[line.removesuffix(':')]}**", "", *_entries(block), "")
        elif line.endswith("::"):
            lead = line.removesuffix("::")
            yield from ((f"{_words(lead)}:", "") if lead else ())
            yield from ("```python", *_dedented(block), "```", "")
        else:
            yield _words(line)
            yield from map(_words, block)
    yield ""


def _indented(lines: list[str], start: int) -> tuple[list[str], int]:
    """The lines that stand further in, with blank ones between them, and where the rest goes on."""
    end = start
    for at in range(start, len(lines)):
        if lines[at].startswith("    "):
            end = at + 1
        elif lines[at].strip():
            break
    return lines[start:end], end


def _dedented(block: list[str]) -> Iterator[str]:
    return (line[4:] for line in _without_edges(block))


def _without_edges(block: list[str]) -> list[str]:
    while block and not block[0].strip():
        block = block[1:]
    while block and not block[-1].strip():
        block = block[:-1]
    return block


def _entries(block: list[str]) -> Iterator[str]:
    """``name: what it is``, which may go on in lines that stand further in."""
    entry = ""
    for line in _dedented(block):
        if line.startswith("    ") or not line.strip():
            entry = f"{entry} {line.strip()}".rstrip()
            continue
        if entry:
            yield _entry(entry)
        entry = line.strip()
    if entry:
        yield _entry(entry)


def _entry(text: str) -> str:
    found = _ENTRY.fullmatch(text)
    if found is None:
        return f"- {_words(text)}"
    names = ", ".join(f"`{name}`" for name in found[1].split(", "))
    return f"- {names}: {_words(found[2])}"


def _words(line: str) -> str:
    return line.replace("``", "`")
