"""Programs that tests need beside Python's packages: installed where that may be done, or the test fails and says which."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest

APT = ["apt-get", "-q", "-o", "DPkg::Lock::Timeout=300"]


def may_install() -> bool:
    """Whether the tests may install Debian's packages."""
    return shutil.which("apt-get") is not None and os.geteuid() == 0


def install(*packages: str) -> None:
    """Install Debian's packages."""
    subprocess.run([*APT, "update"], check=True, capture_output=True)
    subprocess.run([*APT, "install", "-y", "--no-install-recommends", *packages], check=True, capture_output=True)


def need(program: str) -> str:
    """The path of a program whose package has its name."""
    if shutil.which(program) is None:
        if not may_install():
            pytest.fail(f"this test needs {program}; on Debian: apt-get install {program}")
        install(program)
    return str(shutil.which(program))
