"""Python source cut down to what it does when some of its values are known.

The syntax tree says what goes; the edits are made on the source itself, so that remarks and layout survive.
Rounds of edits, each from a tree of its own, are made until nothing changes. The source may not give a local
variable the name of something in the module (names are counted), and has no `elif`.
"""

import ast
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Any, NamedTuple

_Node = ast.expr | ast.stmt | ast.arg


class Edit(NamedTuple):
    """What is to stand in the place of the bytes from `start` to `end`."""

    start: int
    end: int
    text: str = ""


@dataclass(frozen=True)
class Known:
    """What is known before a program runs.

    Attributes:
        names: values of module constants.
        lanes: all that a variable called `lane` may be.
        shared: attributes of lanes that are constants, which have their names in capitals.
        truths: what is known of other conditions, by their text.
        ones: variables that are 1: factors that change nothing.
    """

    names: Mapping[str, Any]
    lanes: Sequence[Any]
    shared: frozenset[str]
    truths: Mapping[str, bool]
    ones: frozenset[str]

    def values(self, node: ast.expr) -> list[Any]:
        """All values that an expression may have; none when something in it is not known."""
        names = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
        if not names <= self.names.keys() | {"lane"}:
            return []
        code = compile(ast.Expression(node), "reference", "eval")
        return [eval(code, {**self.names, "lane": lane}) for lane in self.lanes]

    def truth(self, node: ast.expr) -> bool | None:
        """Whether a condition holds; None when that is not known, or not the same for all lanes."""
        if isinstance(node, ast.BoolOp):
            decides, parts = isinstance(node.op, ast.Or), {self.truth(each) for each in node.values}
            if decides in parts or parts == {not decides}:
                return decides if decides in parts else not decides
        elif (text := ast.unparse(node)) in self.truths:
            return self.truths[text]
        found = {bool(value) for value in self.values(node)}
        return found.pop() if len(found) == 1 else None


class Source:
    """A text with its syntax tree.

    Attributes:
        body: the statements of the module.
        nodes: everything in it.
    """

    def __init__(self, text: str) -> None:
        tree = ast.parse(text)
        self.body, self.nodes = tree.body, list(ast.walk(tree))
        self._bytes = text.encode()
        self._lines = self._bytes.splitlines(keepends=True)
        self._starts = [0, *accumulate(map(len, self._lines))]

    @cached_property
    def read(self) -> Counter[str]:
        """How often each name is read."""
        return _read(self.nodes)

    @cached_property
    def tables(self) -> dict[str, dict[Any, ast.expr]]:
        """The dictionaries of the module, by name."""
        tables = {}
        for node in self.body:
            match node:
                case ast.Assign(targets=[ast.Name(id=name)], value=ast.Dict(keys=keys, values=values)):
                    pairs = zip(keys, values, strict=True)
                    tables[name] = {key.value: each for key, each in pairs if isinstance(key, ast.Constant)}
        return tables

    @cached_property
    def called(self) -> list[tuple[ast.FunctionDef, list[ast.Call]]]:
        """The functions of the module that are only ever called, and all their calls."""
        calls: dict[str, list[ast.Call]] = {}
        for node in self.nodes:
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                calls.setdefault(node.func.id, []).append(node)
        functions = [each for each in self.body if isinstance(each, ast.FunctionDef)]
        own = [(each, calls.get(each.name, [])) for each in functions]
        return [(each, calls) for each, calls in own if len(calls) == self.read[each.name]]

    def edited(self, edits: Iterable[Edit]) -> str:
        """The text with these edits; of two that overlap only the outer one is made."""
        made, done = [], 0
        for edit in sorted(edits, key=lambda each: (each.start, -each.end)):
            if edit.start >= done:
                made += [self._bytes[done : edit.start], edit.text.encode()]
                done = edit.end
        return b"".join([*made, self._bytes[done:]]).decode()

    def start(self, node: _Node) -> int:
        """Where a node begins."""
        return self._starts[node.lineno - 1] + node.col_offset

    def end(self, node: _Node) -> int:
        """Where a node ends."""
        return self._starts[_last(node) - 1] + (node.end_col_offset or 0)

    def of(self, node: _Node) -> str:
        """A node's own text."""
        return self._bytes[self.start(node) : self.end(node)].decode()

    def remark(self, node: ast.stmt) -> str:
        """What stands behind a statement on its last line."""
        return self._bytes[self.end(node) : self._starts[_last(node)]].decode().rstrip()

    def replaced(self, node: _Node, text: str) -> Edit:
        """Another text for a node."""
        return Edit(self.start(node), self.end(node), text)

    def below(self, node: ast.stmt, lines: Iterable[str]) -> Edit:
        """More lines below a statement."""
        place = self._starts[_last(node)]
        return Edit(place, place, "".join(f"{line}\n" for line in lines))

    def removed(self, node: ast.stmt) -> Edit:
        """A statement's lines gone, with the remarks above it and the smaller of the gaps around it."""
        first, last = self._first(node), _last(node)
        while self._lines[first - 1].lstrip().startswith(b"#"):
            first -= 1
        above, below = first, last
        while above and not self._lines[above - 1].strip():
            above -= 1
        while below < len(self._lines) and not self._lines[below].strip():
            below += 1
        first, last = (above, last) if above and first - above < below - last else (first, below)
        return Edit(self._starts[first], self._starts[last])

    def row_removed(self, node: ast.expr) -> Edit:
        """The lines of an expression gone."""
        return Edit(self._starts[node.lineno - 1], self._starts[_last(node)])

    def unwrapped(self, node: ast.If, holds: bool) -> Edit:
        """A branch in the place of the whole `if`."""
        branch = node.body if holds else node.orelse
        if not branch:
            return self.removed(node)
        first = branch[0].lineno - 1
        while not self._lines[first - 1].rstrip().endswith(b":"):
            first -= 1
        lines = [line[4:] if line.strip() else line for line in self._lines[first : _last(branch[-1])]]
        return Edit(self._starts[node.lineno - 1], self._starts[_last(node)], b"".join(lines).decode())

    def _first(self, node: ast.stmt) -> int:
        decorators = node.decorator_list if isinstance(node, ast.FunctionDef | ast.ClassDef) else []
        return min([node.lineno, *(each.lineno for each in decorators)]) - 1


def _last(node: _Node) -> int:
    return node.end_lineno or node.lineno


def _read(nodes: Iterable[ast.AST]) -> Counter[str]:
    names = (each for each in nodes if isinstance(each, ast.Name))
    return Counter(each.id for each in names if isinstance(each.ctx, ast.Load))


def specialised(text: str, known: Known) -> str:
    """What is left of a program."""
    before = ""
    while text != before:
        before = text
        for rule in (decided, unused, unread):
            while edits := list(rule(source := Source(text), known)):
                text = source.edited(edits)
    return text


def decided(source: Source, known: Known) -> Iterator[Edit]:
    """Branches taken, tables looked up, factors of 1 left out, and shared settings written as constants."""
    for node in source.nodes:
        if edit := _simpler(node, source, known):
            yield edit
    yield from _looked_up(source, known)
    yield from _echoes(source)
    for node in source.nodes:
        if isinstance(node, ast.FunctionDef):
            returns = [isinstance(each, ast.Return) for each in node.body] + [True]
            yield from map(source.removed, node.body[returns.index(True) + 1 :])


def _simpler(node: ast.AST, source: Source, known: Known) -> Edit | None:
    match node:
        case ast.If() if (holds := known.truth(node.test)) is not None:
            return source.unwrapped(node, holds)
        case ast.IfExp() if (holds := known.truth(node.test)) is not None:
            return source.replaced(node, source.of(node.body if holds else node.orelse))
        case ast.BoolOp(op=ast.And(), values=parts):
            rest = [each for each in parts if not known.truth(each)]
            if 0 < len(rest) < len(parts):
                return source.replaced(node, " and ".join(map(source.of, rest)))
        case ast.Attribute(value=ast.Name(id="lane"), attr=name) if name in known.shared:
            return source.replaced(node, name.upper())
        case ast.Assign(targets=[ast.Name(id=name)]) if name in known.ones:
            return source.removed(node)
        case (
            ast.Tuple(elts=[ast.expr() as part, ast.Name(id=name)])
            | ast.BinOp(op=ast.Mult(), left=part, right=ast.Name(id=name))
        ) if name in known.ones:
            return source.replaced(node, source.of(part))
    return None


def _looked_up(source: Source, known: Known) -> Iterator[Edit]:
    """The entries of tables in their place where only one is looked up, and no entries that never are."""
    wanted: dict[str, set[Any]] = {}
    for node in source.nodes:
        match node:
            case ast.Subscript(value=ast.Name(id=name)) if name in source.tables:
                table = source.tables[name]
                keys = set(known.values(node.slice)) or set(table)
                wanted[name] = wanted.get(name, set()) | keys
                if len(keys) == 1 and keys <= table.keys():
                    yield source.replaced(node, source.of(table[keys.pop()]))
    for name, keys in wanted.items():
        others = source.tables[name].keys() - keys
        yield from (source.row_removed(source.tables[name][key]) for key in others)


def _echoes(source: Source) -> Iterator[Edit]:
    """What a function returns that only gives an argument back, or an attribute of one, for its calls."""
    for function, calls in source.called:
        match function.body[1:] if ast.get_docstring(function) else function.body:
            case [ast.Return(value=(ast.Name(id=name) | ast.Attribute(value=ast.Name(id=name))) as value)]:
                names = [each.arg for each in function.args.args]
                rest = source.of(value).removeprefix(name)
                for call in calls if name in names else ():
                    yield source.replaced(call, source.of(call.args[names.index(name)]) + rest)


def unused(source: Source, known: Known) -> Iterator[Edit]:
    """Definitions and imports that nothing reads."""
    for node in source.body:
        match node:
            case (
                ast.FunctionDef(name=name)
                | ast.ClassDef(name=name)
                | ast.Assign(targets=[ast.Name(id=name)])
                | ast.AnnAssign(target=ast.Name(id=name))
            ) if not source.read[name]:
                yield source.removed(node)
            case ast.Import(names=names) | ast.ImportFrom(names=names):
                kept = [each for each in names if source.read[each.asname or each.name]]
                if not kept:
                    yield source.removed(node)
                elif len(kept) < len(names):
                    node.names = kept
                    yield source.replaced(node, ast.unparse(node))


def unread(source: Source, known: Known) -> Iterator[Edit]:
    """Arguments that a function does not read, in its definition and in all calls."""
    for function, calls in source.called:
        read = _read(ast.walk(function))
        kept = [bool(read[each.arg]) for each in function.args.args]
        lists: list[Sequence[_Node]] = [function.args.args, *(call.args for call in calls)]
        for arguments in lists:
            for place in (place for place, keep in enumerate(kept) if not keep):
                if any(kept[:place]):
                    yield Edit(source.end(arguments[place - 1]), source.end(arguments[place]))
                elif any(kept):
                    yield Edit(source.start(arguments[place]), source.start(arguments[place + 1]))
                else:
                    yield source.replaced(arguments[place], "")
