"""Translate the rules from Python to JavaScript, from the functions themselves.

The translation knows the part of Python in which the rules are written, and refuses
the rest, so that no rule means two things:

>>> from cookbook.evidence.checker_translation.translate import javascript
>>> print(javascript("def f(a): return a['x'] if not a.get('y') else f'{-a} s'"))
function f(a) { return ((!truth(get(a, "y", null))) ? at(a, "x") : (...)); }
>>> print(javascript("def f(a):\\n  for b, c in a:\\n    if b not in [1]: yield b"))
function* f(a) { let b, c; for ([b, c] of iterate(a)) { if (...) { yield b; } } }
>>> javascript("def f(a): return a ** 2")
Traceback (most recent call last):
    ...
NotImplementedError: line 1: a ** 2: write it so that translate.py knows it
>>> javascript("def f(a): del a")
Traceback (most recent call last):
    ...
NotImplementedError: line 1: del a: write it so that translate.py knows it
"""

import ast
import inspect
import json
from pathlib import Path

from cookbook.qdoctor import keys, project, rules, values
from cookbook.reference.check_your_q_cluster import plan

from . import certain, expressions, settle, tables

MODULES = (
    values, rules, *project.MODULES, tables, expressions, settle, certain, plan,
)  # fmt: skip
KEPT = {
    keys: "KEYS MEANINGS BROKERS CLASSES NEEDS DRIVERS ARGUMENTS DRIVER_MEANINGS "
    "LABEL_LETTERS SCHEMES MONGO_SCHEMES LOCAL",
    settle: "NAMES DEPTH",
    tables: "REST MANY SURE PERHAPS LOOPED",
    certain: "ANY EXAMPLES TITLES",
}
CONSTANTS = [(module, name) for module, names in KEPT.items() for name in names.split()]
# What the browser has under the same name, in engine.js.
BUILT_IN = {"kind", "describe", "len", "max", "min", "range", "list", "int", "single",
            "diagnose", "calculate", "as_key", "drop"}  # fmt: skip
# What the page itself calls.
ASKED = ["plan", "settle", "certain", "likely", "unknowns", "spread", "world"]
METHODS = {"get", "strip", "isdigit", "lower", "upper", "join", "split", "startswith",
           "endswith"}  # fmt: skip
COMPARED = {
    ast.Eq: "same({}, {})", ast.NotEq: "!same({}, {})",
    ast.Lt: "({} < {})", ast.LtE: "({} <= {})",
    ast.Gt: "({} > {})", ast.GtE: "({} >= {})",
    ast.In: "has({1}, {0})", ast.NotIn: "(!has({1}, {0}))",
    ast.Is: "({} === {})", ast.IsNot: "({} !== {})",
}  # fmt: skip
COUNTED = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Mod: "%"}


def script():
    """Return a reader of settings and the rules, as the page's JavaScript."""
    names = "engine.js", "tokens.js", "expressions.js", "reader.js"
    files = [Path(__file__).with_name(name).read_text() for name in names]
    return "\n".join([*files, translate_rules()])


def translate_rules():
    """Return the rules and what they use, as one piece of JavaScript."""
    constants = [
        f"const {name} = data({json.dumps(getattr(module, name))});"
        for module, name in CONSTANTS
    ]
    source = "\n".join(map(inspect.getsource, MODULES))
    defined = (n for n in ast.parse(source).body if isinstance(n, ast.FunctionDef))
    functions = {node.name: node for node in defined}
    needed = used(functions)
    registered = [
        '{{id: "{0}", rule: {1}, function: {1}}}'.format(
            one["id"], one["function"].__name__
        )
        for one in sorted(rules.RULES, key=lambda one: one["id"][-3:])
    ]
    return "\n".join([
        *constants,
        *(function(functions[name]) for name in functions if name in needed),
        f"const RULES = [{', '.join(registered)}];",
    ])  # fmt: skip


def used(functions):
    """Return the names of the rules and of the functions that they call."""
    todo = [one["function"].__name__ for one in rules.RULES] + ASKED
    findings = set()
    while todo:
        name = todo.pop()
        if name in functions and name not in findings | BUILT_IN:
            findings.add(name)
            body = ast.Module(functions[name].body, [])  # Not its decorator.
            todo += [n.id for n in ast.walk(body) if isinstance(n, ast.Name)]
    return findings


def javascript(source):
    """Return the JavaScript of the one function in `source`."""
    return function(ast.parse(source).body[0])


def function(node):
    """Return the JavaScript of one function."""
    names = [argument.arg for argument in node.args.args]
    body = ast.Module(node.body, [])
    yields = any(isinstance(part, ast.Yield | ast.YieldFrom) for part in ast.walk(body))
    stored = dict.fromkeys(
        part.id
        for part in ast.walk(body)
        if isinstance(part, ast.Name)
        and isinstance(part.ctx, ast.Store)
        and part.id not in names
    )
    let = f"let {', '.join(stored)}; " if stored else ""
    star = "*" if yields else ""
    head = f"function{star} {node.name}({', '.join(names)})"
    return f"{head} {{ {let}{block(node.body)} }}"


def block(body):
    return " ".join(filter(None, map(statement, body)))


def statement(node):
    match node:
        case ast.Expr(ast.Constant()):  # A docstring.
            return ""
        case ast.Expr(ast.Yield(value)):
            return f"yield {expression(value)};"
        case ast.Expr(ast.YieldFrom(value)):
            return f"yield* {expression(value)};"
        case ast.Expr(value):
            return f"{expression(value)};"
        case ast.Return(value):
            return f"return {expression(value)};" if value else "return;"
        case ast.Assign([ast.Subscript(place, key)], value):
            return f"{expression(place)}.set({expression(key)}, {expression(value)});"
        case ast.Continue():
            return "continue;"
        case ast.AnnAssign(target, _, value):
            return f"{expression(target)} = {expression(value)};"
        case ast.Assign([target], value):
            return f"{expression(target)} = {expression(value)};"
        case ast.If(test, body, orelse):
            other = f" else {{ {block(orelse)} }}" if orelse else ""
            return f"if ({truth(test)}) {{ {block(body)} }}{other}"
        case ast.For(target, values, body, []):
            each = f"{expression(target)} of iterate({expression(values)})"
            return f"for ({each}) {{ {block(body)} }}"
    return refuse(node)


def truth(node):
    """Return a test; Python and JavaScript do not agree on what is empty."""
    made = expression(node)
    plain = isinstance(node, ast.Compare) or (
        isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)
    )
    return made if plain else f"truth({made})"


def expression(node):
    match node:
        case ast.Constant(value) if value is None or isinstance(
            value, str | int | float
        ):
            return json.dumps(value)
        case ast.Name(name):
            return name
        case ast.List(parts) | ast.Tuple(parts):
            return f"[{', '.join(map(expression, parts))}]"
        case ast.Dict(names, values):
            inside = (
                f"[{expression(k)}, {expression(v)}]" if k else f"...{expression(v)}"
                for k, v in zip(names, values, strict=True)
            )
            return f"new Map([{', '.join(inside)}])"
        case ast.Starred(value):
            return f"...iterate({expression(value)})"
        case ast.IfExp(test, body, orelse):
            return f"({truth(test)} ? {expression(body)} : {expression(orelse)})"
        case ast.UnaryOp(ast.Not(), value):
            return f"(!{truth(value)})"
        case ast.UnaryOp(ast.USub(), value):
            return f"(-{expression(value)})"
        case ast.BoolOp(operator, values):
            word = "all" if isinstance(operator, ast.And) else "any"
            return f"{word}({', '.join(f'() => {expression(v)}' for v in values)})"
        case ast.BinOp(one, operator, other) if type(operator) in COUNTED:
            sign = COUNTED[type(operator)]
            return f"({expression(one)} {sign} {expression(other)})"
        case ast.BinOp(one, ast.FloorDiv(), other):
            return f"Math.floor({expression(one)} / {expression(other)})"
        case ast.Compare(one, [operator], [other]):
            form = COMPARED[type(operator)]
            return form.format(expression(one), expression(other))
        case ast.Subscript(value, ast.Slice(None, end, None)):
            return f"{expression(value)}.slice(0, {expression(end)})"
        case ast.Subscript(value, place):
            return f"at({expression(value)}, {expression(place)})"
        case ast.JoinedStr(parts):
            inside = " + ".join(['""', *map(expression, parts)])
            return f"({inside})"
        case ast.FormattedValue(value, -1, None):
            return f"text({expression(value)})"
        case ast.ListComp(value, [ast.comprehension(target, values, tests, 0)]):
            each, made = expression(target), f"iterate({expression(values)})"
            for test in tests:
                made += f".filter(({each}) => {truth(test)})"
            return f"{made}.map(({each}) => {expression(value)})"
        case ast.ListComp(value, [outer, inner]):
            each = expression(outer.target)
            made = expression(ast.ListComp(value, [inner]))
            return f"iterate({expression(outer.iter)}).flatMap(({each}) => {made})"
        case ast.Call(ast.Name(name), arguments, []):
            return f"{name}({', '.join(map(expression, arguments))})"
        case ast.Call(ast.Subscript() as called, arguments, []):
            return f"{expression(called)}({', '.join(map(expression, arguments))})"
        case ast.Call(ast.Attribute(owner, "get"), [key, *rest], []):
            default = expression(rest[0]) if rest else "null"
            return f"get({expression(owner)}, {expression(key)}, {default})"
        case ast.Call(ast.Attribute(owner, name), arguments, []) if name in METHODS:
            inside = ", ".join(map(expression, [owner, *arguments]))
            return f"{name}({inside})"
    return refuse(node)


def refuse(node):
    where = f"line {node.lineno}: {ast.unparse(node)}"
    raise NotImplementedError(f"{where}: write it so that translate.py knows it")
