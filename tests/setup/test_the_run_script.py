"""`./run` in a folder of its own, with a uv and a Python that only write down what is asked."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
FAILED = (
    "The set-up failed, as said above: check the network, or set the index or the proxy that pip "
    "and uv need here, and run ./run again."
)
FAKE_PYTHON = """#!/bin/sh
case "$*" in
  *sysconfig*) echo "{site}" ;;
  *version_info*) ;;
  *bytecode*) echo "$PYTHONPYCACHEPREFIX $PYTHONDONTWRITEBYTECODE" ;;
  *) echo "python $*" ;;
esac
"""
FAKE_UV = """#!/bin/sh
echo "uv $* $UV_SYSTEM_CERTS" >> "{log}"
if [ "$1" = venv ]; then mkdir -p "{root}/.venv/bin" && cp "{root}/python" "{root}/.venv/bin/"; fi
[ "$UV_SYSTEM_CERTS" != "{fails_with}" ]
"""


class Checkout:
    """A folder with the script, the locks and the two stand-ins."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.log = root / "uv.log"
        shutil.copy(PROJECT / "run", root / "run")
        (root / "requirements").mkdir()
        for name in ("run", "dev", "uv"):
            self.change_lock(name, "1")
        self._program(root / "python", FAKE_PYTHON.format(site=root))
        self.make_uv()

    def make_uv(self, fails_with: str = "never") -> None:
        uv = FAKE_UV.format(log=self.log, root=self.root, fails_with=fails_with)
        self._program(self.root / "bin" / "uv", uv)

    def change_lock(self, name: str, version: str) -> None:
        (self.root / "requirements" / f"{name}.txt").write_text(f"package=={version}\n")

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, self.root / "run", *arguments],
            capture_output=True,
            text=True,
            check=False,
            env={"PATH": f"{self.root}/bin:/usr/bin:/bin", **environment},
        )

    def asked_of_uv(self) -> list[str]:
        """Return what uv was asked since the last time, without the folder's name."""
        if not self.log.exists():
            return []
        lines = self.log.read_text().replace(str(self.root), "").splitlines()
        self.log.unlink()
        return lines

    @staticmethod
    def _program(path: Path, text: str) -> None:
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        path.chmod(0o755)


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path)


def synced(lock: str) -> str:
    pip = "uv pip sync --quiet --require-hashes --python /.venv/bin/python"
    return f"{pip} /requirements/{lock}.txt true"


def test_sets_up_once_with_a_line_for_each_step_and_goes_on_as_the_program(
    checkout: Checkout,
) -> None:
    first = checkout.run("import", "some folder", "--tenant", "t")

    assert first.stdout == "python -P -m gateway import some folder --tenant t\n"
    made, installed = first.stderr.splitlines()
    assert made.startswith("Making a virtual environment in .venv … 0.")
    assert installed.startswith("Installing what the program needs … 0.")
    assert checkout.asked_of_uv() == [
        f"uv venv --quiet --python {sys.executable} /.venv ",
        synced("run"),
    ]
    assert (checkout.root / "stockgraph.pth").read_text() == f"{checkout.root}/src\n"

    second = checkout.run("settings")

    assert (second.stdout, second.stderr) == ("python -P -m gateway settings\n", "")
    assert checkout.asked_of_uv() == []


def test_alone_it_is_the_demo(checkout: Checkout) -> None:
    assert checkout.run().stdout == "python -P -m gateway demo\n"


def test_what_is_compiled_is_kept_in_the_cache_and_not_beside_the_sources(
    checkout: Checkout,
) -> None:
    kept = checkout.run("bytecode", PYTHONDONTWRITEBYTECODE="1")

    assert kept.stdout == f"{checkout.root}/.cache/bytecode \n"
    assert checkout.run("bytecode", PYTHONPYCACHEPREFIX="/own").stdout == "/own \n"


def test_installs_again_when_the_lock_has_changed(checkout: Checkout) -> None:
    checkout.run("serve")
    checkout.asked_of_uv()
    checkout.change_lock("run", "2")

    checkout.run("serve")

    assert checkout.asked_of_uv() == [synced("run")]


def test_the_tools_of_development_come_with_the_first_command_that_needs_them_and_stay(
    checkout: Checkout,
) -> None:
    checkout.run("serve")
    checkout.asked_of_uv()

    for arguments in (["check"], ["test", "-x"], ["serve"]):
        checkout.run(*arguments)
    assert checkout.asked_of_uv() == [synced("dev")]

    checkout.change_lock("dev", "2")
    checkout.change_lock("run", "2")
    checkout.run("serve")
    assert checkout.asked_of_uv() == [synced("dev")]


def test_a_folder_that_was_moved_is_set_up_anew(checkout: Checkout, tmp_path: Path) -> None:
    checkout.run("serve")
    checkout.root = tmp_path.rename(tmp_path.with_name("moved"))
    checkout.log = checkout.root / "uv.log"
    (checkout.root / "python").write_text(FAKE_PYTHON.format(site=checkout.root))
    checkout.make_uv()
    checkout.asked_of_uv()

    checkout.run("serve")

    assert checkout.asked_of_uv() == [
        f"uv venv --quiet --python {sys.executable} /.venv ",
        synced("run"),
    ]


def test_a_set_up_that_fails_with_the_systems_certificates_is_tried_with_uvs(
    checkout: Checkout,
) -> None:
    checkout.make_uv(fails_with="true")

    assert checkout.run("serve").stdout == "python -P -m gateway serve\n"
    assert checkout.asked_of_uv()[1:] == [synced("run"), synced("run").replace("true", "false")]


def test_a_set_up_that_fails_says_why_and_is_not_taken_for_done(checkout: Checkout) -> None:
    (checkout.root / "bin" / "uv").write_text("#!/bin/sh\necho no route to host\nexit 2\n")

    done = checkout.run("serve")

    assert done.returncode == 1
    assert done.stderr.splitlines()[1:] == ["no route to host", FAILED]
    assert not (checkout.root / ".venv" / "stockgraph-lock").exists()


def test_a_python_that_cannot_make_environments_is_told_the_cure(checkout: Checkout) -> None:
    (checkout.root / "bin" / "uv").unlink()
    without = "import runpy, sys; sys.modules['ensurepip'] = None; sys.argv = ['run', 'serve']; "

    done = subprocess.run(
        [sys.executable, "-c", f"{without}runpy.run_path('run', run_name='__main__')"],
        cwd=checkout.root,
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": "/usr/bin:/bin"},
    )

    assert done.returncode == 1
    assert done.stderr.endswith(
        "This Python cannot make virtual environments: run `apt-get install python3-venv` "
        "(or install uv) and then ./run again.\n"
    )


def test_a_python_that_is_too_old_goes_on_as_a_newer_one_that_starts(checkout: Checkout) -> None:
    Checkout._program(checkout.root / "bin" / "python3.14", "#!/bin/sh\nexit 127\n")
    newer = '#!/bin/sh\n[ "$1" = -c ] || echo "newer $*"\n'
    Checkout._program(checkout.root / "bin" / "python3.13", newer)
    old = "import runpy, sys; sys.version_info = (3, 10); sys.argv = ['run', 'serve', 'x y']; "

    done = subprocess.run(
        [sys.executable, "-c", f"{old}runpy.run_path('run', run_name='__main__')"],
        cwd=checkout.root,
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": f"{checkout.root}/bin:/usr/bin:/bin"},
    )

    assert (done.stdout, done.stderr) == (f"newer {checkout.root}/run serve x y\n", "")


def test_a_folder_that_cannot_be_written_is_one_sentence(checkout: Checkout) -> None:
    (checkout.root / ".cache").write_text("in the way")

    done = checkout.run("serve")

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"{checkout.root} cannot be set up (File exists): make it writable for this user, or take "
        "a copy of your own.\n"
    )
