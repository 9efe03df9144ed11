"""Which Django commands need servers, told without importing Django: pure commands must answer at once."""

import ast
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from .places import CHECKOUT

WITHOUT_SERVERS = {"help", "version", "collectstatic", "findstatic", "makemessages", "compilemessages"}
ABOUT_MIGRATIONS = {"migrate", "makemigrations", "showmigrations", "sqlmigrate", "squashmigrations", "check"}


def needs_servers(arguments: Sequence[str]) -> bool:
    """True unless the command's class says otherwise.

    Its class says `needs_servers = False`, or defines a static method `needs_servers(argv)` of the
    words after the command's name. The method is read from the source and run alone: it may use
    builtins only.
    """
    if not arguments or arguments[0] in WITHOUT_SERVERS or {"--help", "-h", "--version"} & set(arguments):
        return False
    source = _source(arguments[0])
    if source is None:
        return True
    for node in _class_body(source):
        if isinstance(node, ast.FunctionDef) and node.name == "needs_servers":
            return _run_alone(node, list(arguments[1:]))
        if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Constant):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(isinstance(target, ast.Name) and target.id == "needs_servers" for target in targets):
                return bool(node.value.value)
    return True


def run_without_servers(arguments: Sequence[str]) -> bool:
    """Run a command of ours that needs no servers in this process; False when it must be left to Django.

    Its modules alone are loaded, not the portal's applications: that is half of the time of an answer.
    """
    source = _source(arguments[0]) if arguments else None
    if source is None or {"--help", "-h", "--version"} & set(arguments):
        return False
    module = import_module(".".join(source.relative_to(CHECKOUT).with_suffix("").parts))
    module.Command().run_from_argv(["bin/manage", *arguments])
    return True


def _source(name: str) -> Path | None:
    """The file of one of our own commands; others come with Django and want a database."""
    if not name.isidentifier():
        return None
    for pattern in ("*", "nok_portal/*"):
        for found in CHECKOUT.glob(f"{pattern}/management/commands/{name}.py"):
            return found
    return None


def _class_body(source: Path) -> list[ast.stmt]:
    for node in ast.parse(source.read_text()).body:
        if isinstance(node, ast.ClassDef) and node.name == "Command":
            return node.body
    return []


def _run_alone(function: ast.FunctionDef, argv: list[str]) -> bool:
    function.decorator_list = []
    function.returns = None
    for argument in function.args.args:
        argument.annotation = None
    alone = ast.Module(body=[function], type_ignores=[])
    namespace: dict[str, Any] = {}
    exec(compile(ast.fix_missing_locations(alone), function.name, "exec"), namespace)  # noqa: S102 (our own source)
    return bool(namespace[function.name](argv))
