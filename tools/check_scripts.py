"""Whether the scripts of tools/ can start, as far as that shows without running their work.

    python tools/check_scripts.py [--folder tools]

Each file compiles; what it imports from another file of tools/ is there; no name in it is undefined. Where the
packages that a script imports are installed, its --help runs as well; where they are not, that is said.
Needs no packages itself. Prints one line per problem and exits with 1 if there is any.
"""

import argparse
import ast
import builtins
import importlib.util
import subprocess
import sys
import symtable
from pathlib import Path

MODULE_NAMES = {"__name__", "__file__", "__doc__", "__package__"}
HELP_SECONDS = 300


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, default=Path(__file__).parent)
    folder = parser.parse_args().folder
    files = sorted(path for path in folder.rglob("*.py") if "__pycache__" not in path.parts)
    problems = []
    trees = {}
    for path in files:
        try:
            trees[path] = ast.parse(path.read_text(encoding="utf-8"), str(path))
        except SyntaxError as e:
            problems.append(f"{path}:{e.lineno}: {e.msg}")
    for path, tree in trees.items():
        problems += wrong_imports(path, tree, trees, folder)
        problems += undefined_names(path, tree)
    shown, skipped = (0, []) if problems else run_helps(trees, folder, problems)
    for problem in problems:
        print(problem)
    print(f"{len(files)} files, {len(problems)} problems; --help of {shown} scripts run" + skipped_in_words(skipped))
    sys.exit(1 if problems else 0)


# Imports from each other


def ours(path: Path, module: str, trees: dict[Path, ast.Module], folder: Path) -> Path | None:
    """The file of tools/ that a module name means in a file: beside it, or under the folder that scripts start in."""
    for root in (path.parent, folder):
        base = root.joinpath(*module.split("."))
        for candidate in (base.with_suffix(".py"), base / "__init__.py"):
            if candidate in trees:
                return candidate
    return None


def wrong_imports(path: Path, tree: ast.Module, trees: dict[Path, ast.Module], folder: Path) -> list[str]:
    problems = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            file = relative(path, node) if node.level else ours(path, module, trees, folder)
            if file not in trees:
                continue  # a package
            there = bindings(trees[file])
            for alias in node.names:
                if alias.name != "*" and alias.name not in there:
                    problems.append(f"{path}:{node.lineno}: imports {alias.name} from {module}, which has no such name")
        elif isinstance(node, ast.Import):
            for alias in node.names:
                file = ours(path, alias.name, trees, folder)
                if file is not None:
                    problems += wrong_attributes(path, tree, alias.asname or alias.name, bindings(trees[file]))
    return problems


def relative(path: Path, node: ast.ImportFrom) -> Path:
    base = path.parent
    for _ in range(node.level - 1):
        base = base.parent
    return base.joinpath(*(node.module or "__init__").split(".")).with_suffix(".py")


def wrong_attributes(path: Path, tree: ast.Module, name: str, there: set[str]) -> list[str]:
    return [
        f"{path}:{node.lineno}: uses {name}.{node.attr}, which is not there"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == name
        and node.attr not in there | MODULE_NAMES
    ]


def bindings(tree: ast.Module) -> set[str]:
    """The names that a file has once it is imported."""
    table = symtable.symtable(ast.unparse(tree), "file", "exec")
    return {s.get_name() for s in table.get_symbols() if s.is_assigned() or s.is_imported() or s.is_namespace()}


# Names


def undefined_names(path: Path, tree: ast.Module) -> list[str]:
    known = bindings(tree) | set(dir(builtins)) | MODULE_NAMES
    table = symtable.symtable(path.read_text(encoding="utf-8"), str(path), "exec")
    return [
        f"{path}:{scope.get_lineno()}: {scope.get_name()} uses {name}, which is not defined"
        for scope in scopes(table)
        for name in sorted(globals_used(scope) - known)
    ]


def scopes(table: symtable.SymbolTable):
    yield table
    for child in table.get_children():
        yield from scopes(child)


def globals_used(scope: symtable.SymbolTable) -> set[str]:
    top = scope.get_type() == "module"
    return {s.get_name() for s in scope.get_symbols() if s.is_referenced() and (s.is_global() or top)}


# Their --help


def run_helps(trees: dict[Path, ast.Module], folder: Path, problems: list[str]) -> tuple[int, list[str]]:
    shown, missing = 0, set()
    for path, tree in trees.items():
        if path.name == Path(__file__).name or not is_script(tree):
            continue
        lacks = {package for package in packages(path, trees, folder, set()) if not is_installed(package)}
        missing |= lacks
        if lacks:
            continue
        run = subprocess.run(
            [sys.executable, str(path), "--help"], capture_output=True, text=True, timeout=HELP_SECONDS, check=False
        )
        shown += 1
        if run.returncode != 0:
            last = (run.stderr.strip().splitlines() or ["it says nothing"])[-1]
            problems.append(f"{path}: --help ends with {run.returncode}: {last}")
    return shown, sorted(missing)


def is_script(tree: ast.Module) -> bool:
    return any("__main__" in ast.unparse(node.test) for node in tree.body if isinstance(node, ast.If))


def packages(path: Path, trees: dict[Path, ast.Module], folder: Path, seen: set[Path]) -> set[str]:
    """What must be installed for a file to be imported, by way of the files that it imports as well."""
    seen.add(path)
    found: set[str] = set()
    for node in ast.walk(trees[path]):
        if isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            modules = [node.module or ""]
        else:
            continue
        for module in modules:
            file = ours(path, module, trees, folder)
            if file is None:
                found.add(module.split(".")[0])
            elif file not in seen:
                found |= packages(file, trees, folder, seen)
    return found


def is_installed(package: str) -> bool:
    return importlib.util.find_spec(package) is not None


def skipped_in_words(missing: list[str]) -> str:
    return f"; others need {', '.join(missing)}, which this python lacks" if missing else ""


if __name__ == "__main__":
    main()
