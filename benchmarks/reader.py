"""How long a reader waits for a page of the built book: largest contentful paint on a slow phone and a slow network.

    python benchmarks/reader.py [SITE]

The phone is this machine slowed down four times. The network is slow 4G as Lighthouse defines it: 1.6 Mbit/s down,
750 kbit/s up, 150 ms there and back. Its adjusted figures are given too: since Chromium slows down requests and not
packets, Lighthouse lets each request wait 3.75 round trips, for the opening of a connection, at 0.9 of the speed. The
server compresses, as hosts of static pages do; nothing is cached.
"""

from __future__ import annotations

import gzip
import statistics
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tools"))

from browser import find_pages, launch  # noqa: E402
from playwright.sync_api import Browser, sync_playwright  # noqa: E402

RUNS = 3
AIM = 2.5  # seconds
SLOWDOWN = 4
PHONE = {"width": 412, "height": 823}
KBIT = 1024 / 8
NETWORKS = {  # round trip in ms, kbit/s down, kbit/s up
    "slow 4G": (150, 1.6 * 1024, 750),
    "adjusted": (150 * 3.75, 1.6 * 1024 * 0.9, 750 * 0.9),
}
PACKED = {".html", ".css", ".js", ".svg", ".json"}
WATCH_JS = """new PerformanceObserver(list => {
  for (const entry of list.getEntries()) window.largest = entry.startTime;
}).observe({type: 'largest-contentful-paint', buffered: true})"""


@cache
def packed(path: Path) -> bytes:
    """The compressed bytes of a file."""
    return gzip.compress(path.read_bytes())


class Handler(SimpleHTTPRequestHandler):
    """A host of static files that compresses text and keeps connections open."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Send the file."""
        path = Path(self.translate_path(self.path))
        if not path.is_file() or path.suffix not in PACKED:
            super().do_GET()
            return
        data = packed(path)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(path))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Print nothing for a request."""


@contextmanager
def host(site: Path) -> Iterator[str]:
    """Serve a folder; give its address, which ends with a slash."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()


def largest_paint(browser: Browser, url: str, network: str) -> float:
    """Seconds until the largest part of the page is painted, nothing being cached."""
    latency, down, up = NETWORKS[network]
    context = browser.new_context(viewport=PHONE, device_scale_factor=2, is_mobile=True, has_touch=True)
    page = context.new_page()
    page.add_init_script(WATCH_JS)
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    throughput = {"downloadThroughput": down * KBIT, "uploadThroughput": up * KBIT}
    session.send("Network.emulateNetworkConditions", {"offline": False, "latency": latency, **throughput})
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWDOWN})
    page.goto(url, wait_until="load", timeout=60_000)
    page.wait_for_function("() => window.largest")
    page.wait_for_timeout(500)
    seconds = page.evaluate("() => window.largest") / 1000
    context.close()
    return seconds


def reader(site: Path = ROOT / "_build" / "html") -> float:
    """Print the median largest contentful paint of each page; return that of the slowest page on slow 4G."""
    slowest = 0.0
    with host(site) as address, sync_playwright() as playwright:
        browser = launch(playwright)
        for name in find_pages(site):
            medians = {
                network: statistics.median(largest_paint(browser, address + name, network) for _ in range(RUNS))
                for network in NETWORKS
            }
            slowest = max(slowest, medians["slow 4G"])
            figures = "  ".join(f"{network} {seconds:5.2f} s" for network, seconds in medians.items())
            print(f"{name:<52}{figures}  aim: < {AIM} s", flush=True)
        browser.close()
    return slowest


if __name__ == "__main__":
    sys.exit(reader(*map(Path, sys.argv[1:])) > AIM)
