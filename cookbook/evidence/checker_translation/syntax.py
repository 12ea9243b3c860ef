"""The statements of a settings module, as `reader.js` gives them, from Python's ast.

>>> from cookbook.evidence.checker_translation.syntax import statements
>>> statements("Q_CLUSTER['retry'] = env('RETRY')")
[['set', ['Q_CLUSTER', ['value', 'retry']], ['unknown']]]
>>> statements("{'orm': 'default'}")
[['set', ['Q_CLUSTER'], ['dict', [[['value', 'orm'], ['value', 'default']]]]]]
"""

import ast
import textwrap

from cookbook.qdoctor.values import Other

SIGNS = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//",
    ast.Mod: "%", ast.Pow: "**", ast.BitOr: "|",
}  # fmt: skip
UNKNOWN = ["unknown"]


def statements(source):
    """Return the statements of a text; a text that is one expression is Q_CLUSTER.

    Raises SyntaxError, ValueError, MemoryError or RecursionError, as Python does.
    """
    source = source.removeprefix("\ufeff")
    indented = source.lstrip("\r\n")[:1] in (" ", "\t")
    tree = ast.parse(textwrap.dedent(source) if indented else source)
    match tree.body:
        case [ast.Expr(value)] if not isinstance(value, ast.Call):
            return [["set", ["Q_CLUSTER"], expression(value)]]
    return block(tree.body)


def block(body):
    return [made for node in body for made in statement(node)]


def statement(node):
    """Return what a statement does to the names, as a list of statements."""
    match node:
        case ast.Assign(targets, value):
            made = expression(value)
            return [one for target in targets for one in assign(target, made)]
        case ast.AnnAssign(target, _, value) if value:
            return assign(target, expression(value))
        case ast.AugAssign(target, ast.BitOr(), value) if path(target):
            return [["update", path(target), expression(value)]]
        case ast.AugAssign(target, sign, value):
            both = [expression(target), expression(value)]
            return assign(target, ["sum", SIGNS.get(type(sign), "?"), *both])
        case ast.Expr(ast.Call(ast.Attribute(owner, method), arguments, words)):
            return call(owner, method, pairs(arguments, words))
        case ast.Delete(targets):
            return [["delete", path(target)] for target in targets if path(target)]
        case ast.If():
            return [["branch", choices(node)]]
        case ast.For(target) | ast.AsyncFor(target):
            return [*forget(target), *loop(node)]
        case ast.While():
            return loop(node)
        case ast.With(items, body) | ast.AsyncWith(items, body):
            bound = [item.optional_vars for item in items if item.optional_vars]
            names = [one for target in bound for one in forget(target)]
            return [*names, ["maybe", block(body)]]
        case ast.Try() | ast.TryStar():
            bodies = [node.body, *(h.body for h in node.handlers), node.orelse]
            parts = [["maybe", block(body)] for body in bodies if body]
            return parts + block(node.finalbody)
        case ast.Match(_, cases):
            return [["maybe", block(case.body)] for case in cases]
        case ast.ClassDef(name, body=body):
            return [["forget", name], ["maybe", block(body)]]
        case ast.FunctionDef(name) | ast.AsyncFunctionDef(name):
            return [["forget", name]]
        case ast.Import(names) | ast.ImportFrom(_, names):
            bound = [(one.asname or one.name).split(".")[0] for one in names]
            return [["forget", name] for name in bound if name != "*"]
    return []


def loop(node):
    return [["loop", block(node.body)], ["maybe", block(node.orelse)]]


def choices(node):
    """Return the tests of an `if` and its `elif`, each with its body."""
    findings, rest = [[expression(node.test), block(node.body)]], node.orelse
    while len(rest) == 1 and isinstance(rest[0], ast.If):
        findings.append([expression(rest[0].test), block(rest[0].body)])
        rest = rest[0].orelse
    return [*findings, [["value", True], block(rest)]] if rest else findings


def assign(target, value):
    return [["set", path(target), value]] if path(target) else forget(target)


def forget(target):
    """Return that the names of a target are unknown from now on."""
    if path(target):
        return [["set", path(target), UNKNOWN]]
    parts = getattr(target, "elts", [])
    parts = [part.value if isinstance(part, ast.Starred) else part for part in parts]
    return [one for part in parts for one in forget(part)]


def call(owner, method, arguments):
    """Return what a method does to the name that it is called on."""
    place = path(owner)
    if place and method == "update":
        return [["update", place, ["dict", arguments]]]
    if place and method in ("pop", "setdefault") and arguments:
        key = [*place, arguments[0][1]]
        return [["delete", key] if method == "pop" else ["set", key, UNKNOWN]]
    while isinstance(owner, ast.Attribute | ast.Subscript | ast.Call):
        owner = owner.func if isinstance(owner, ast.Call) else owner.value
    return [["forget", owner.id]] if isinstance(owner, ast.Name) else []


def path(node):
    """Return a name and the keys behind it, as in `NAME[key]`, or None."""
    match node:
        case ast.Name(name):
            return [name]
        case ast.Subscript(owner, key) if path(owner):
            return [*path(owner), expression(key)]
    return None


def pairs(arguments, words):
    """Return the arguments of a call as the pairs of a dictionary."""
    return [
        *([None, expression(argument)] for argument in arguments),
        *([word.arg and ["value", word.arg], expression(word.value)] for word in words),
    ]


def expression(node):
    """Return an expression as a list; what nobody computes is `["unknown"]`."""
    match node:
        case ast.Constant(value):
            plain = value is None or isinstance(value, str | int | float)
            return ["value", value if plain else Other]
        case ast.Set():
            return ["value", Other]
        case ast.Name(name):
            return ["name", name]
        case ast.List(parts) | ast.Tuple(parts):
            if any(isinstance(part, ast.Starred) for part in parts):
                return UNKNOWN
            return ["list", [expression(part) for part in parts]]
        case ast.Dict(names, values):
            both = zip(names, values, strict=True)
            return ["dict", [[k and expression(k), expression(v)] for k, v in both]]
        case ast.Call(ast.Name("dict"), arguments, words):
            return ["dict", pairs(arguments, words)]
        case ast.Subscript(owner, key) if not isinstance(key, ast.Slice):
            return ["item", expression(owner), expression(key)]
        case ast.UnaryOp(ast.Not(), value):
            return ["not", expression(value)]
        case ast.UnaryOp(ast.USub() | ast.UAdd() as sign, value):
            factor = -1 if isinstance(sign, ast.USub) else 1
            return ["sum", "*", ["value", factor], expression(value)]
        case ast.BinOp(one, sign, other) if type(sign) in SIGNS:
            return ["sum", SIGNS[type(sign)], expression(one), expression(other)]
        case ast.BoolOp(word, [one, *others]):
            made, name = expression(one), "and" if isinstance(word, ast.And) else "or"
            for other in others:
                made = [name, made, expression(other)]
            return made
        case ast.IfExp(test, one, other):
            return ["choose", *map(expression, (test, one, other))]
    return UNKNOWN
