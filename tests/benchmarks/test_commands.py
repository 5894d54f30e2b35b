"""Reading commands out of prose, shell and docstrings."""

from tests.benchmarks.commands import ROOT, commands, read


def test_commands_are_found_in_prose_in_shell_and_in_docstrings():
    assert list(read("measured by `python -m benchmarks.bands`: ten λ, three seeds")) == [
        ("benchmarks.bands",)
    ]
    assert list(read("| `benchmarks.lanes --data FOLDER` | 1.15 GB |")) == [
        ("benchmarks.lanes", "--data", "FOLDER")
    ]
    shell = '.venv/bin/python -m benchmarks.a --data "${1:?a folder}"\npython -m benchmarks.b "$1"\n'
    assert list(read(shell)) == [("benchmarks.a", "--data", "FOLDER"), ("benchmarks.b", "FOLDER")]
    docstring = "    python -m benchmarks.lanes [--data FOLDER]\n`python -m benchmarks.examples [NAME …]`.\n"
    assert list(read(docstring)) == [("benchmarks.lanes", "--data", "FOLDER"), ("benchmarks.examples",)]


def test_commands_that_differ_in_sizes_are_one_and_others_are_not():
    found = commands()
    assert len(found) == len(set(found))
    assert ("benchmarks.references", "mlp", "--seeds", "5") in found
    assert ("benchmarks.references", "mlp") not in found
    assert ("benchmarks.references", "cnn") in found


def test_every_benchmark_is_named_and_every_name_is_a_benchmark():
    programs = {
        ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__main__")
        for file in (ROOT / "benchmarks").rglob("*.py")
        if '__name__ == "__main__"' in file.read_text(encoding="utf-8")
    }
    assert {module for module, *_ in commands()} == programs
