"""Builds the parts in C into the wheel: one shared library, which Python loads without headers of its own.

The system's C compiler is taken, the one in `CC` if that is set; where there is none, that of Zig from the package index.
"""

from __future__ import annotations

import importlib.util
import os
import shlex
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SOURCES = "native/*.c"
FLAGS = ["-std=c11", "-O3", "-shared", "-fvisibility=hidden", "-Wall", "-Wextra"]
LIBRARY = "_native.so"
if sys.platform == "win32":
    LIBRARY = "_native.dll"
else:
    FLAGS.append("-fPIC")


class NativeBuild(BuildHookInterface[Any]):
    """Compiles the library and makes the wheel one of this platform, for any Python."""

    def dependencies(self) -> list[str]:
        """The compiler, if the system has none."""
        return [] if system_compiler() else ["ziglang>=0.13"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Put the library into the wheel."""
        folder = Path(tempfile.mkdtemp())
        self.built = folder
        library = folder / LIBRARY
        sources = sorted(map(str, Path(self.root).glob(SOURCES)))
        environment = {**os.environ, "ZIG_GLOBAL_CACHE_DIR": str(folder / "cache"), "ZIG_LOCAL_CACHE_DIR": str(folder)}
        subprocess.run([*compiler(), *FLAGS, "-o", str(library), *sources], check=True, env=environment)
        build_data["force_include"][str(library)] = f"jsonl_lint/{LIBRARY}"
        build_data["pure_python"] = False
        platform = sysconfig.get_platform().replace("-", "_").replace(".", "_")
        build_data["tag"] = f"py3-none-{platform}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove what the wheel holds now."""
        shutil.rmtree(self.built)


def system_compiler() -> list[str]:
    """The command of the system's C compiler; empty if there is none."""
    if os.environ.get("CC"):
        return shlex.split(os.environ["CC"])
    found = next(filter(None, map(shutil.which, ("cc", "gcc", "clang"))), None)
    return [found] if found else []


def compiler() -> list[str]:
    """The command of the C compiler that is at hand, for any processor of this kind."""
    own = system_compiler()
    if not own and importlib.util.find_spec("ziglang") is None:
        sys.exit("there is no C compiler: install one, or `pip install ziglang`")
    return own or [sys.executable, "-m", "ziglang", "cc", "-mcpu=baseline"]
