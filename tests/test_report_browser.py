"""The page of `dateline report` in a real browser: as it is seen, and that nothing in it runs or leaves."""

import base64
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from pipelines.command import main
from tests import report_dataset, small_dataset

pytestmark = pytest.mark.tools

CHROMIUM, DRIVER = "/usr/bin/chromium", "/usr/bin/chromedriver"
FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
)  # fmt: skip
LOOKS = {"light": (1100, "light"), "dark": (1100, "dark"), "phone": (380, "light"), "phone-dark": (320, "dark")}
# Charts that are drawn: shown, with marks, and no text outside of the page.
DRAWN = """
return [...document.querySelectorAll('figure svg')].filter(svg => svg.getBoundingClientRect().width > 0).map(svg => {
  const page = document.documentElement.clientWidth;
  const boxes = [...svg.querySelectorAll('text')].map(text => text.getBoundingClientRect());
  return {
    chart: svg.closest('figure').id,
    said: svg.getAttribute('aria-label').length > 20,
    marks: [...svg.querySelectorAll('path > title')].filter(t => t.parentNode.getBoundingClientRect().width > 0).length,
    filled: getComputedStyle(svg.querySelector('path > title').parentNode).fill,
    outside: boxes.filter(box => box.left < 0 || box.right > page + 1).length,
    smallest: Math.min(...boxes.map(box => box.height)),
  }
})"""
CHARTS = ["chart-days", "chart-sources", "chart-topics", "chart-spread"]


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('chromium')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options, webdriver.ChromeService(DRIVER))
    yield driver
    driver.quit()


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A page of texts that mean harm, and one of plain ones."""
    folder = tmp_path_factory.mktemp("pages")
    report_dataset.make_dataset(f"{folder}/hostile")
    small = small_dataset.make_dataset(tmp_path_factory.getbasetemp())
    assert main(["report", f"{folder}/hostile"]) == 0
    assert main(["report", str(small), "--to", f"{folder}/small-report.html"]) == 0
    return {name: folder / f"{name}-report.html" for name in ("hostile", "small")}


@contextmanager
def looking(browser: Any, page: Path, look: str) -> Iterator[None]:
    """The page is open, so wide and in such light."""
    width, scheme = LOOKS[look]
    metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    light = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", light)
    browser.get(page.as_uri())
    yield
    keep_screenshot(browser, f"{page.stem}-{look}")


def keep_screenshot(browser: Any, name: str) -> None:
    """The whole page as a picture, in the folder SCREENSHOTS where that is set."""
    if folder := os.environ.get("SCREENSHOTS"):
        whole = {"captureBeyondViewport": True, "format": "png"}
        picture = browser.execute_cdp_cmd("Page.captureScreenshot", whole)["data"]
        Path(folder).mkdir(parents=True, exist_ok=True)
        (Path(folder) / f"{name}.png").write_bytes(base64.b64decode(picture))


def requests(browser: Any) -> list[str]:
    """The addresses that the browser asked for since this was called last."""
    import json

    messages = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    return [m["params"]["request"]["url"] for m in messages if m["method"] == "Network.requestWillBeSent"]


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("name", ["hostile", "small"])
def test_page(browser: Any, pages: dict[str, Path], name: str, look: str) -> None:
    requests(browser)
    with looking(browser, pages[name], look):
        drawn = browser.execute_script(DRAWN)
        assert [chart["chart"] for chart in drawn] == CHARTS
        assert all(chart["said"] and chart["marks"] > 0 and chart["smallest"] > 10 for chart in drawn), drawn
        assert all(chart["filled"] not in ("none", "rgb(0, 0, 0)") for chart in drawn), drawn
        assert [chart["outside"] for chart in drawn] == [0] * len(CHARTS)
        assert browser.execute_script("return document.documentElement.scrollWidth") <= LOOKS[look][0]
    assert browser.get_log("browser") == []
    assert {url for url in requests(browser) if not url.startswith("data:")} == {pages[name].as_uri()}


def test_hostile_texts_are_texts(browser: Any, pages: dict[str, Path]) -> None:
    with looking(browser, pages["hostile"], "light"):
        assert browser.title == "hostile: what the dataset holds"
        assert browser.execute_script("return document.scripts.length + document.images.length") == 0
        text = browser.execute_script("return document.body.innerText")
        assert report_dataset.HOSTILE[0] in text
        assert report_dataset.HOSTILE[3] in text
        assert "\u202e" not in text
        schemes = browser.execute_script("return [...document.links].map(link => link.protocol)")
        assert set(schemes) == {"file:", "https:"}  # those within the page, and out of it


def test_dark_page_is_dark(browser: Any, pages: dict[str, Path]) -> None:
    papers = set()
    for look in ("light", "dark"):
        with looking(browser, pages["small"], look):
            papers.add(browser.execute_script("return getComputedStyle(document.documentElement).backgroundColor"))
    assert papers == {"rgb(253, 252, 249)", "rgb(20, 23, 27)"}
