"""Build hook of the wheel: compiles the modules named in pyproject.toml to C with mypyc, from the same source.

Where that cannot be (no C compiler, no headers of Python, MUSNAD_PURE=1), the wheel is the pure Python package and one line says why.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

#: what makes the extensions; objects are compiled side by side, which setuptools does not do within one extension
SETUP = """
import os
from concurrent.futures import ThreadPoolExecutor

from mypyc.build import mypycify
from setuptools import setup
from setuptools.command.build_ext import build_ext


class Parallel(build_ext):
    def build_extensions(self):
        one = self.compiler.compile

        def together(sources, *args, **kwargs):
            with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
                return [made for objects in pool.map(lambda s: one([s], *args, **kwargs), sources) for made in objects]

        self.compiler.compile = together
        super().build_extensions()


modules = mypycify(
    ["--config-file=", "--ignore-missing-imports", *{modules!r}],
    opt_level="{level}", debug_level="0", multi_file=True, group_name="musnad",
)
setup(name="musnad", packages=[], py_modules=[], ext_modules=modules, cmdclass={{"build_ext": Parallel}})
"""


class CustomBuildHook(BuildHookInterface):
    """See the module."""

    def dependencies(self) -> list[str]:
        """mypyc, where it can be used."""
        return [] if _hindrance() else list(self.config["requires"])

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the compiled modules to the wheel; an editable install stays pure."""
        self._folder: str | None = None
        if self.target_name != "wheel" or version == "editable":
            return
        reason = _hindrance()
        if not reason:
            self._folder = tempfile.mkdtemp()
            reason = _compile(Path(self.root, "src"), Path(self._folder), self.config["modules"])
        if reason:
            self.app.display_warning(f"musnad is built as pure Python, which takes about half as long again: {reason}")
            return
        built = Path(self._folder or "")
        suffix = sysconfig.get_config_var("EXT_SUFFIX")
        found = {
            str(path): path.relative_to(built).as_posix()
            for path in built.rglob(f"*{suffix}")
            if "build" not in path.relative_to(built).parts[:1]
        }
        build_data["force_include"].update(found)
        build_data["pure_python"] = False
        build_data["infer_tag"] = True

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove what the build left."""
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)


def _hindrance() -> str:
    """Why the modules cannot be compiled here; "" where nothing is known against it."""
    if os.environ.get("MUSNAD_PURE", "0") not in ("", "0"):
        return "MUSNAD_PURE is set"
    if sys.implementation.name != "cpython":
        return f"mypyc does not support {sys.implementation.name}"
    if not Path(sysconfig.get_path("include"), "Python.h").exists():
        return "the headers of Python are missing (on Debian: apt install python3-dev)"
    if os.name == "posix":
        compiler = (os.environ.get("CC") or sysconfig.get_config_var("CC") or "cc").split()[0]
        if shutil.which(compiler) is None:
            return f"there is no C compiler {compiler} (on Debian: apt install gcc)"
    return ""


def _compile(source: Path, folder: Path, names: list[str]) -> str:
    """Compile modules into a folder, laid out as the package; what hindered it, or ""."""
    for path in source.rglob("*.py"):
        target = folder / path.relative_to(source)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    modules = [name.replace(".", "/") + ".py" for name in names]
    (folder / "setup.py").write_text(SETUP.format(modules=modules, level="1"), encoding="utf-8")
    ran = subprocess.run(
        [sys.executable, "setup.py", "build_ext", "--inplace"],
        cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", check=False,
    )  # fmt: skip
    if ran.returncode == 0:
        return ""
    lines = [line for line in ran.stdout.splitlines() if "rror" in line] or ran.stdout.splitlines() or ["nothing was said"]
    return f"compiling failed: {lines[-1].strip()[:300]}"
