"""The format `html`, in a real browser: it finds, filters, loads nothing, and obeys nothing that the data says."""

from __future__ import annotations

import json
from html.parser import HTMLParser

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from browser import browser, requests
from jsonl_lint import check
from jsonl_lint.reporters import View, load_reporter
from samples import good_data, good_line

ATTACK = '</pre></script><script>document.title="owned"</script><img src=x onerror="document.title=\'owned\'">'


def page_of(report, path, **view):
    with open(path, "w", encoding="utf-8", newline="\n") as out:
        load_reporter("html").write(report, out, View(**{"limit": 200, **view}))
    return path


def attack_lines():
    """Bad lines that hold markup where the report quotes them."""
    by_role, by_key = json.loads(good_line(100)), json.loads(good_line(101))
    by_role["messages"][2]["role"] = "<b>x</b>"
    by_role["messages"][1]["content"] = ATTACK
    by_key[ATTACK] = 1
    return b"\n".join(json.dumps(row).encode() for row in (by_role, by_key)) + b"\n"


@pytest.fixture
def page(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bad.jsonl").write_bytes(good_data() + attack_lines() + b"\n\n")
    blank = good_line(1).replace(b"What is 1 plus 1?", b" ")
    (tmp_path / "<i>other.jsonl").write_bytes(good_data()[3:] + blank)
    report = check("bad.jsonl", "<i>other.jsonl")
    return page_of(report, tmp_path / "report.html")


def shown(driver):
    """The codes of the rules whose findings are on the page, with how many of them."""
    rules = [rule for rule in driver.find_elements(By.CSS_SELECTOR, "details.rule") if rule.is_displayed()]
    count = "return [...arguments[0].querySelectorAll('ul.findings > li')].filter((item) => !item.hidden).length"
    return {rule.get_attribute("id"): driver.execute_script(count, rule) for rule in rules}


def test_the_page_in_a_browser(page):
    with browser() as driver:
        driver.get(page.as_uri())
        everything = shown(driver)
        assert everything == {"FIL005": 2, "ENC001": 1, "MSG003": 1, "ROW004": 1, "MSG006": 1}
        assert driver.find_element(By.TAG_NAME, "h1").text == "Not ready to upload."
        titles = [title.text for title in driver.find_elements(By.CSS_SELECTOR, ".chart h3")]
        assert titles == [
            "Tokens per example", "Examples by length", "Tokens by role", "Tokens of one epoch", "Cost, USD"
        ]  # fmt: skip
        assert driver.find_element(By.CSS_SELECTOR, ".bar i").size["height"] > 0
        status = driver.find_element(By.CSS_SELECTOR, ".filter output")
        assert status.text == "6 findings listed"

        driver.find_element(By.TAG_NAME, "body").send_keys("/")
        search = driver.switch_to.active_element
        search.send_keys("role known")
        assert shown(driver) == {"MSG003": 1}
        assert status.text == "1 of 6 findings shown"
        search.send_keys(Keys.ESCAPE)
        assert shown(driver) == everything

        driver.find_element(By.CSS_SELECTOR, "input[value=error]").click()
        assert shown(driver) == {"MSG006": 1}
        driver.find_element(By.CSS_SELECTOR, "input[value=error]").click()
        driver.find_element(By.CSS_SELECTOR, ".filter select").send_keys("bad")
        assert shown(driver) == {"FIL005": 2, "MSG003": 1, "ROW004": 1}

        driver.find_element(By.CSS_SELECTOR, ".filter button").click()
        marked = [mark.text for mark in driver.find_elements(By.CSS_SELECTOR, "#MSG003 mark")]
        assert marked == ['"<b>x</b>"']
        assert driver.find_elements(By.CSS_SELECTOR, ".page script, .page img, .page i:not(.bar i)") == []
        assert "owned" not in driver.title

        driver.set_window_size(360, 740)
        assert driver.execute_script("return document.documentElement.scrollWidth <= innerWidth")
        unnamed = "return [...document.querySelectorAll('input, select, button')].filter((e) => !e.labels?.length && "
        assert driver.execute_script(unnamed + "!e.ariaLabel && !e.textContent.trim()).length") == 0
        assert {address.partition(":")[0] for address in requests(driver)} <= {"file", "data"}
        assert driver.get_log("browser") == []


class Tags(HTMLParser):
    """The tags of a page, and whether they close in order."""

    VOID = ("meta", "link", "input", "br")

    def __init__(self):
        super().__init__()
        self.open, self.seen = [], []

    def handle_starttag(self, tag, attrs):
        self.seen.append(tag)
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_tags_close_and_data_makes_none(page):
    tags = Tags()
    tags.feed(page.read_text(encoding="utf-8"))
    assert tags.open == []
    assert tags.seen.count("script") == 1
    assert "img" not in tags.seen


def test_a_clean_report(tmp_path):
    text = page_of(check(good_data(), no_tokens=True), tmp_path / "report.html").read_text(encoding="utf-8")
    assert "<h1>Ready to upload.</h1>" in text
    assert "There are none." in text
    assert "Tokens and cost" not in text


def test_it_stays_small_however_many_findings_there_are(tmp_path):
    row = {"messages": [], **{f"key{number}": "x" * 1000 for number in range(40)}}
    report = check((json.dumps(row).encode() + b"\n\n") * 150)
    path = page_of(report, tmp_path / "report.html", limit=None)
    assert len(report.findings) > 5_000
    assert path.stat().st_size < 3_000_000
    assert "more.</p>" in path.read_text(encoding="utf-8")


def test_costs_of_all_models_are_one_chart(tmp_path):
    report = check(good_data(), all_models=True)
    text = page_of(report, tmp_path / "report.html").read_text(encoding="utf-8")
    known = [figures.model for figures in report.models if figures.cost is not None and figures.cost.total is not None]
    assert len(known) > 1
    chart = text[text.index("<h3>Cost, USD</h3>") :].partition("</table>")[0]
    assert all(f'<th scope="row">{name}</th>' in chart for name in known)
