"""A git repository of networks, made commit by commit."""

import os
import subprocess
from pathlib import Path

__all__ = ["Repository"]

AUTHOR = {
    "GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.org",
    "GIT_COMMITTER_NAME": "A", "GIT_COMMITTER_EMAIL": "a@example.org",
    "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull,
}  # fmt: skip


class Repository:
    """A repository in a folder of its own; `commit` writes files and commits them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.git("init", "--quiet", "--initial-branch", "main")

    def git(self, *arguments: str) -> str:
        """What a git command prints."""
        done = subprocess.run(
            ["git", *arguments], cwd=self.folder, capture_output=True, text=True, check=True,
            env={**os.environ, **AUTHOR},
        )  # fmt: skip
        return done.stdout

    def commit(self, **files: str) -> str:
        """Write files, by their paths with `/` as `__` and the last `_` as the dot; the commit's name."""
        for name, text in files.items():
            path, _, ending = name.replace("__", "/").rpartition("_")
            target = self.folder / f"{path}.{ending}"
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", "a step")
        return self.git("rev-parse", "HEAD").strip()
