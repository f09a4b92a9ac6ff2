"""A Chromium-class browser for the checks of the built book: find it, install it, start it.

`python tools/browser.py install` makes sure that there is one and prints its path.
`python tools/browser.py shots SITE_DIR OUT_DIR` writes pictures of the pages of a built site; with
`--dark`, in dark mode.
"""

import argparse
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from itertools import product
from pathlib import Path

from playwright.sync_api import Browser, Playwright, sync_playwright

WIDTHS = (1280, 768, 320)
SCHEMES = ("light", "dark")
HEIGHT = 900
TIME_LIMIT_S = 300
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
COMMANDS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "microsoft-edge-stable",
    "msedge",
)
LINUX_PLACES = ("/opt/google/chrome/chrome", "/opt/microsoft/msedge/msedge", "/snap/bin/chromium")
MAC_APPS = ("Google Chrome", "Chromium", "Microsoft Edge")
WINDOWS_ROOTS = ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")
WINDOWS_PLACES = (
    "Google/Chrome/Application/chrome.exe",
    "Chromium/Application/chrome.exe",
    "Microsoft/Edge/Application/msedge.exe",
)
REMEDY = "install Chrome, Chromium or Edge, or set CHROME_PATH to the executable of one"
GENERATED = {"genindex", "search"}
REDIRECT = re.compile(r"<meta[^>]+http-equiv=[\"']?refresh", re.IGNORECASE)


def find_browser() -> str | None:
    """Path of a browser: CHROME_PATH, else the one Playwright downloaded, else one of the system."""
    with sync_playwright() as playwright:
        return _locate(playwright)


def install_browser() -> str:
    """Install a browser with Playwright, or else with apt-get, and return its path.

    Raises RuntimeError with the reason of each failure when neither way gives a browser that starts.
    """
    reasons = []
    for way in (_install_with_playwright, _install_with_apt):
        reason = way()
        found = find_browser()
        if found:
            return found
        reasons.append(reason or f"{way.__name__} succeeded, but what it installed does not start")
    raise RuntimeError("\n".join(["no browser could be installed:", *reasons, f"Remedy: {REMEDY}."]))


def launch(playwright: Playwright) -> Browser:
    """Start the browser that find_browser() finds, without a window."""
    executable = _locate(playwright)
    if executable is None:
        raise RuntimeError(f"no browser found: {REMEDY}")
    return playwright.chromium.launch(executable_path=executable, headless=True, args=list(FLAGS))


@contextmanager
def serve(site: Path) -> Iterator[str]:
    """Serve the folder on a free port of 127.0.0.1 and give its address, which ends with a slash."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_QuietHandler, directory=str(site)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def find_documents(site: Path) -> list[str]:
    """Every .html file of the site, relative to it, except those in folders such as `_static`."""
    documents = (path.relative_to(site) for path in site.rglob("*.html"))
    return sorted(path.as_posix() for path in documents if not path.parts[0].startswith("_"))


def find_pages(site: Path) -> list[str]:
    """The documents of the site that show something: all but the redirects."""
    return [name for name in find_documents(site) if not REDIRECT.search((site / name).read_text("utf-8"))]


def find_chapters(site: Path) -> list[str]:
    """The pages that somebody wrote: all but the index and the search."""
    return [name for name in find_pages(site) if Path(name).stem not in GENERATED]


def take_shots(site: Path, out: Path, dark: bool) -> list[Path]:
    """Write a full-page picture of every chapter at every width; give their paths."""
    out.mkdir(parents=True, exist_ok=True)
    with serve(site) as address, sync_playwright() as playwright:
        browser = launch(playwright)
        visits = product(find_chapters(site), WIDTHS)
        shots = [_take_shot(browser, address, name, width, out, dark) for name, width in visits]
        browser.close()
    return shots


def _take_shot(browser: Browser, address: str, name: str, width: int, out: Path, dark: bool) -> Path:
    scheme = "dark" if dark else "light"
    page = browser.new_page(viewport={"width": width, "height": HEIGHT}, color_scheme=scheme)
    page.goto(address + name, wait_until="networkidle")
    stem = Path(name).with_suffix("").as_posix().replace("/", "-")
    shot = out / f"{stem}-{width}{'-dark' if dark else ''}.png"
    page.screenshot(path=shot, full_page=True)
    page.close()
    return shot


class _QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Print nothing for a request."""


def _locate(playwright: Playwright) -> str | None:
    named = os.environ.get("CHROME_PATH")
    if named:
        if not Path(named).is_file():
            raise FileNotFoundError(f"CHROME_PATH names no file: {named}")
        return named
    downloaded = playwright.chromium.executable_path
    return downloaded if _starts(downloaded) else _find_in_system()


def _starts(executable: str) -> bool:
    """Whether the file exists and, on Linux, finds the system libraries that a download needs."""
    if not Path(executable).is_file():
        return False
    if sys.platform != "linux":
        return True
    return subprocess.run([executable, "--version"], capture_output=True, timeout=60).returncode == 0


def _find_in_system() -> str | None:
    on_path = (shutil.which(command) for command in COMMANDS)
    in_places = (str(place) for place in _usual_places() if place.is_file())
    return next((found for found in (*on_path, *in_places) if found), None)


def _usual_places() -> list[Path]:
    if sys.platform == "darwin":
        roots = (Path("/Applications"), Path.home() / "Applications")
        return [root / f"{app}.app/Contents/MacOS/{app}" for root in roots for app in MAC_APPS]
    if sys.platform == "win32":
        roots = tuple(Path(os.environ[name]) for name in WINDOWS_ROOTS if name in os.environ)
        return [root / place for root in roots for place in WINDOWS_PLACES]
    return [Path(place) for place in LINUX_PLACES]


def _install_with_playwright() -> str | None:
    """Download Playwright's Chromium; give the reason when that fails."""
    return _run([sys.executable, "-m", "playwright", "install", "chromium"])


def _install_with_apt() -> str | None:
    """Install the distribution's Chromium; give the reason when that fails or is not possible."""
    if sys.platform != "linux" or not shutil.which("apt-get"):
        return "apt-get: not on this system"
    if os.geteuid() != 0:
        return "apt-get: needs root"
    install = ["apt-get", "install", "-y", "--no-install-recommends", "chromium"]
    return _run(["apt-get", "update"]) or _run(install)


def _run(command: list[str]) -> str | None:
    """Run the command quietly; give the reason when it fails or exceeds the time limit."""
    name = " ".join(command)
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as log:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            code = process.wait(TIME_LIMIT_S)
        except subprocess.TimeoutExpired:
            _kill(process)
            return f"{name}: not done after {TIME_LIMIT_S} s"
        log.seek(0)
        return f"{name}: exit code {code}: {log.read().strip()[-500:]}" if code else None


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End the process and, where there are process groups, its children."""
    if sys.platform == "win32":
        process.kill()
    else:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def main() -> None:
    """Run the command that the arguments name."""
    parser = argparse.ArgumentParser(description="The browser of the checks of the built book.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("install", help="make sure there is a browser and print its path")
    shots = commands.add_parser("shots", help="write a picture of every page of a built site")
    shots.add_argument("site", type=Path, metavar="SITE_DIR")
    shots.add_argument("out", type=Path, metavar="OUT_DIR")
    shots.add_argument("--dark", action="store_true", help="in dark mode")
    arguments = parser.parse_args()
    if arguments.command == "install":
        print(find_browser() or install_browser())
    else:
        for shot in take_shots(arguments.site, arguments.out, arguments.dark):
            print(shot)


if __name__ == "__main__":
    main()
