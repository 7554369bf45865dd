"""What the package lists as public, read from its sources: pages need no TensorFlow."""

import ast
import functools
import pathlib

ROOT = pathlib.Path(__file__).parents[2]


@functools.cache
def parsed(module: str) -> ast.Module:
    """The syntax tree of a module of the package."""
    place = ROOT / module.replace(".", "/")
    path = place / "__init__.py" if place.is_dir() else place.with_suffix(".py")
    return ast.parse(path.read_text(encoding="utf-8"))


def is_module(path: str) -> bool:
    """Whether a dotted path is that of a module of the package."""
    place = ROOT / path.replace(".", "/")
    return (place / "__init__.py").is_file() or place.with_suffix(".py").is_file()


@functools.cache
def public(module: str) -> list[str]:
    """The names in a module's `__all__`, or else those that it defines without an underscore."""
    tree = parsed(module)
    listed = _assigned(tree, "__all__")
    if listed is None:
        kinds = ast.FunctionDef, ast.ClassDef
        return [each.name for each in tree.body if isinstance(each, kinds) and each.name[0] != "_"]
    names = [each.value for each in listed.elts if isinstance(each, ast.Constant)]
    if len(names) < len(listed.elts):  # `*sum(_HOMES.values(), ())`
        names += [name for name in _homes(tree) if name not in names]
    return names


@functools.cache
def home(module: str, name: str) -> str:
    """The dotted path at which a public name of a module is defined."""
    tree = parsed(module)
    lazy = _homes(tree).get(name)
    if lazy and lazy != name:
        return home(f"{module}.{lazy}", name)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("keras_gan"):
            for alias in node.names:
                if (alias.asname or alias.name) == name:
                    path = f"{node.module}.{alias.name}"
                    return path if node.module == module else home(node.module, alias.name)
    return f"{module}.{name}"


def kind(path: str) -> str:
    """`"module"`, `"class"`, `"function"`, or `"value"` of what is defined at a path."""
    if is_module(path):
        return "module"
    module, _, name = path.rpartition(".")
    for node in parsed(module).body:
        if getattr(node, "name", None) == name:
            return "class" if isinstance(node, ast.ClassDef) else "function"
    return "value"


def _homes(tree: ast.Module) -> dict[str, str]:
    """The module of each name that a package loads when it is asked for."""
    homes = _assigned(tree, "_HOMES")
    table = ast.literal_eval(homes) if homes else {}
    return {name: module for module, names in table.items() for name in names or (module,)}


def _assigned(tree: ast.Module, target: str):
    for node in tree.body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", None) == target:
            return node.value
    return None
