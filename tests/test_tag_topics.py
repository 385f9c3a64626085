"""Topics of headlines with their first lines."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from pipelines.explain import explain_file
from tests.tagging import SCHEMA
from transforms.tag.topics import TopicTagger, load_topic_tagger

SAMPLE = Path(__file__).parent.parent.parent / "shared/data/article_us_russia_talks.txt"


@pytest.fixture(scope="module")
def tagger() -> TopicTagger:
    return load_topic_tagger()


def topics(tagger: TopicTagger, title: str, body: str = "", **given: Any) -> dict[str, float]:
    """The score of each topic of one article, by name, best first."""
    row = {"title": title, "description": None, "body": body, "language": "en", "categories": []} | given
    (given_topics,) = tagger.tag(pa.RecordBatch.from_pylist([row], SCHEMA)).to_pylist()
    return {topic["name"]: topic["score"] for topic in given_topics}


@pytest.mark.parametrize(
    ("title", "lead", "top", "second"),
    [
        pytest.param(
            "Overnight air strikes hit two port cities",
            "Missiles and drones struck the harbour; the army said eleven soldiers were killed.",
            "conflict, war and peace",
            "armed conflict",
            id="war",
        ),
        pytest.param(
            "Envoys leave peace talks with a draft ceasefire",
            "Mediators said the truce could begin on Monday if both commanders sign.",
            "conflict, war and peace",
            "peace process",
            id="peace",
        ),
        pytest.param(
            "Car bomb kills nine outside ministry",
            "A jihadist group claimed the suicide bombing, the third terrorist attack this year.",
            "conflict, war and peace",
            "act of terror",
            id="terror",
        ),
        pytest.param(
            "Riot police fire tear gas as protests spread",
            "Demonstrators put up barricades on the third night of unrest.",
            "conflict, war and peace",
            "civil unrest",
            id="unrest",
        ),
        pytest.param(
            "Generals announce military coup on state television",
            "Soldiers detained the ousted president before dawn.",
            "conflict, war and peace",
            "coup d'etat",
            id="coup",
        ),
        pytest.param(
            "Man charged with murder after stabbing on ferry",
            "The suspect, 34, was found with a knife; the victim died at the scene.",
            "crime, law and justice",
            "crime",
            id="murder",
        ),
        pytest.param(
            "Appeals court overturns verdict in fraud trial",
            "Judges said that the jury had been misled by prosecutors.",
            "crime, law and justice",
            "judiciary",
            id="court",
        ),
        pytest.param(
            "Magnitude 7.1 earthquake flattens mountain villages",
            "The death toll passed 200 as aftershocks and landslides cut the valley off.",
            "disaster, accident and emergency incident",
            "disaster",
            id="earthquake",
        ),
        pytest.param(
            "Bus crash on coastal road leaves twelve dead",
            "The coach plunged into a ravine after a collision with a lorry.",
            "disaster, accident and emergency incident",
            "accident and emergency incident",
            id="accident",
        ),
        pytest.param(
            "Central bank holds interest rates as inflation cools",
            "Economists expect the first rate cut in the spring.",
            "economy, business and finance",
            "economy",
            id="economy",
        ),
        pytest.param(
            "Stocks slide as bond yields jump",
            "Wall Street closed lower and crude oil fell to $61 a barrel.",
            "economy, business and finance",
            "market and exchange",
            id="markets",
        ),
        pytest.param(
            "Toolmaker's quarterly profit doubles",
            "Revenue rose 12 per cent, the chief executive told shareholders.",
            "economy, business and finance",
            "business information",
            id="company",
        ),
        pytest.param(
            "Ministers scrap tuition fees for nurses in training",
            "Universities welcomed the move; student unions asked for help with student loans.",
            "education",
            None,
            id="education",
        ),
        pytest.param(
            "Emissions must halve by 2035, climate scientists warn",
            "Fossil fuels still drive global warming, the report says.",
            "environment",
            "climate change",
            id="climate",
        ),
        pytest.param(
            "Measles outbreak reaches third city",
            "Doctors report 140 infections, most of them in children not vaccinated.",
            "health",
            "disease and condition",
            id="outbreak",
        ),
        pytest.param(
            "Novelist wins prize for literature she never sought",
            "The Nobel laureate learnt of the award while feeding her hens.",
            "human interest",
            "award and prize",
            id="prize",
        ),
        pytest.param(
            "Dock workers vote for strike action",
            "The trade union rejected the pay offer; picket lines go up on Friday.",
            "labour",
            "labour relations",
            id="strike",
        ),
        pytest.param(
            "Five weeknight recipes for leeks",
            "Preheat the oven, chop the ingredients, and let the sauce simmer.",
            "lifestyle and leisure",
            "lifestyle",
            id="cooking",
        ),
        pytest.param(
            "Voters go to the polls in tight election",
            "Polling stations open at eight; both candidates ended their campaigns in the capital.",
            "politics",
            "election",
            id="election",
        ),
        pytest.param(
            "Foreign ministers meet to save nuclear deal",
            "Diplomats said sanctions would top the agenda of the summit.",
            "politics",
            "international relations",
            id="diplomacy",
        ),
        pytest.param(
            "Prime minister reshuffles cabinet",
            "Three ministers left the government hours before parliament returned.",
            "politics",
            "government",
            id="government",
        ),
        pytest.param(
            "Pope opens holy year with call for mercy",
            "Pilgrims filled the square as bishops and cardinals joined in prayer.",
            "religion",
            "religious leader",
            id="pope",
        ),
        pytest.param(
            "Telescope finds water on distant exoplanet",
            "Astronomers say the planet orbits a dim star; the galaxy may hold many.",
            "science and technology",
            "natural science",
            id="astronomy",
        ),
        pytest.param(
            "Chatbot maker opens its newest AI model",
            "Developers can run the machine learning software on a laptop.",
            "science and technology",
            "technology and engineering",
            id="technology",
        ),
        pytest.param(
            "Asylum seekers moved from hotel after ruling",
            "The migrants had waited two years; immigration lawyers called it unlawful.",
            "society",
            "immigration",
            id="immigration",
        ),
        pytest.param(
            "Late goal sends visitors to the semi-final",
            "The striker scored in stoppage time; the goalkeeper had saved a penalty.",
            "sport",
            "competition discipline",
            id="football",
        ),
        pytest.param(
            "Blizzard warning for the coast as winter storm nears",
            "Forecasters expect heavy snow and strong winds by Thursday.",
            "weather",
            "weather phenomena",
            id="weather",
        ),
    ],
)
def test_topics(tagger: TopicTagger, title: str, lead: str, top: str, second: str | None) -> None:
    scores = topics(tagger, title, lead)
    assert next(iter(scores)) == top
    assert second is None or second in scores
    assert len(scores) <= 6


@pytest.mark.parametrize(
    ("title", "given"),
    [
        pytest.param("", {}, id="empty"),
        pytest.param("What we did on Tuesday", {}, id="unsure"),
        pytest.param("Wardens warmly toward electioneers", {}, id="words-within-words"),
        pytest.param("Voters go to the polls in tight election", {"language": "de"}, id="another-language"),
        pytest.param("Seven things", {"categories": ["Miscellany"]}, id="a-category-that-says-nothing"),
    ],
)
def test_no_topics(tagger: TopicTagger, title: str, given: dict[str, Any]) -> None:
    assert topics(tagger, title, **given) == {}


@pytest.mark.parametrize(
    ("title", "given", "topic"),
    [
        pytest.param("All in one evening", {"categories": ["Football", "Premier League"]}, "sport", id="categories"),
        pytest.param("Voters go to the polls in tight election", {"language": "und"}, "politics", id="language-unsure"),
        pytest.param("A cure?", {"description": "Alzheimer’s drug passes clinical trial"}, "health", id="apostrophe"),
    ],
)
def test_evidence_beside_title_and_body(tagger: TopicTagger, title: str, given: dict[str, Any], topic: str) -> None:
    assert topic in topics(tagger, title, **given)


@pytest.mark.skipif(not SAMPLE.exists(), reason=f"{SAMPLE} is not there")
def test_the_sample_article_is_of_armed_conflict_and_diplomacy() -> None:
    given = [topic.name for topic in explain_file(str(SAMPLE))]
    tops = {"politics", "conflict, war and peace"}
    assert set(given[:5]) == tops | {"armed conflict", "international relations", "diplomacy"}


def test_scores_fall_and_parents_lead(tagger: TopicTagger) -> None:
    scores = topics(tagger, "Voters go to the polls in tight election", "Ballots are counted tonight.")
    assert list(scores) == ["politics", "election"]
    assert 1 > scores["politics"] >= scores["election"] >= 0.4


def test_the_title_weighs_more_than_the_body(tagger: TopicTagger) -> None:
    title = topics(tagger, "An earthquake", "It was felt.")
    body = topics(tagger, "It was felt.", "An earthquake")
    assert title["disaster"] > body.get("disaster", 0)
