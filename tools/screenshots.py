"""Take a picture of every surface, with a believable workshop on the default map behind them.

python tools/screenshots.py docs/screenshots [only those whose name holds this]
"""

from __future__ import annotations

import io
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.browser.conftest import ARGUMENTS, NARROW, PHONE, WALL
from tests.house import House, Room, Voice

DESK = {"width": 1440, "height": 900}
COLOURS = 64
WIDEST = 1280
"""Pixels; wider pictures are made smaller."""
TITLE = "Bolig etter løslatelse"
CONTESTED = "L52"
LOOP = ["L52", "L49", "L80"]

FRAMINGS: dict[str, dict[str, Any]] = {
    "nav_kommune": {
        "problem": "Den løslatte står uten inntekt, bolig og plan samme dag som hen kommer til oss.",
        "causes": "Vi får vite om løslatelsen for sent, og gjelden har vokst under soningen.",
        "judgement": "Hjelpen skal være individuell, og den det gjelder skal være med på å bestemme.",
        "remedy": "Felles kartlegging tre måneder før løslatelse, og gjeldsrådgivning i fengselet.",
        "factors": ["gjeld", "fattigdom", "arbeidsloshet", "loslatelse", "bolig"],
        "links": ["L54", "L60", "L69", "L72"],
        "belief": 3,
        "strategy_now": "authoritative",
        "strategy_wanted": "collaborative",
    },
    "kommune_bolig": {
        "problem": "Vi mangler egnede boliger, og de vi har, ligger der ingen vil bo.",
        "causes": "Få kommunale boliger, et stramt leiemarked og utkastelser vi kunne ha unngått.",
        "judgement": "Alle skal ha et trygt sted å bo, også den som har mistet leiligheten før.",
        "remedy": "Flere spredte boliger og oppfølging hjemme det første året.",
        "factors": ["bolig", "utkastelse", "nettverk", "rus"],
        "links": ["L10", "L49", "L20"],
        "belief": 4,
        "strategy_now": "competitive",
        "strategy_wanted": "collaborative",
    },
    "kriminalomsorgen": {
        "problem": "Straffen er sonet, men ingen tar imot når porten åpnes.",
        "causes": "Løslatelsen planlegges alene i fengselet og kommer brått for kommunen.",
        "judgement": "Tilbakeføring er et felles ansvar.",
        "remedy": "Løslatelse på en hverdag, med en navngitt person som møter.",
        "factors": ["loslatelse", "kriminalitet", "nettverk", "boligsituasjon_loslatte"],
        "links": ["L68", "L69", "L70"],
        "belief": 3,
        "strategy_now": "authoritative",
        "strategy_wanted": "collaborative",
    },
    "spesialisthelse": {
        "problem": "Folk rekker ikke å bli friske før de mister boligen igjen.",
        "causes": "Rus og psykiske helseproblemer behandles hver for seg.",
        "judgement": "Behandling virker best når noen har et hjem å komme tilbake til.",
        "remedy": "ACT-team som følger med fra fengsel til bolig.",
        "factors": ["psykiatri", "rus", "bolig", "vold_mishandling"],
        "links": ["L11", "L12", "L13", "L14"],
        "belief": 4,
        "strategy_now": "",
        "strategy_wanted": "collaborative",
    },
    "politi": {
        "problem": "De samme menneskene møter oss igjen og igjen fordi ingenting holder dem fast.",
        "causes": "Rus, gjeld i miljøet og manglende struktur i hverdagen.",
        "judgement": "Både den løslatte og naboene har rett til trygghet.",
        "remedy": "Tett samarbeid om de få som begår mest.",
        "factors": ["kriminalitet", "rus", "antisosial_atferd", "gjeld"],
        "links": ["L57", "L74", "L75"],
        "belief": 2,
        "strategy_now": "authoritative",
        "strategy_wanted": "competitive",
    },
    "brukerorg": {
        "problem": "Jeg må være rusfri for å få et hjem, men uten et hjem klarer jeg ikke å bli rusfri.",
        "causes": "Krav i stedet for tillit, og kasteball mellom kontorene.",
        "judgement": "Alle har rett til et hjem.",
        "remedy": "Bolig først, en likeperson og én koordinator.",
        "factors": ["bolig", "motivasjon", "nettverk", "rus"],
        "links": ["L10", "L24", "L22"],
        "belief": 4,
        "strategy_now": "authoritative",
        "strategy_wanted": "collaborative",
    },
}
ALIASES = {
    "nav_kommune": "Kari",
    "kommune_bolig": "Per",
    "kriminalomsorgen": "",
    "spesialisthelse": "Ane",
    "politi": "",
    "brukerorg": "Jon",
}
NOTES = [
    ("nav_kommune", "factor", "gjeld", "experience", "Renter og gebyrer løper mens folk soner."),
    (
        "politi",
        "factor",
        "gjeld",
        "experience",
        "Gjeld i rusmiljøet gjøres opp på andre måter enn hos namsmannen.",
    ),
    ("brukerorg", "factor", "gjeld", "question", "Hvem hjelper meg å åpne brevene?"),
    ("kommune_bolig", "factor", "bolig", "evidence", "Fire av ti i vår boligplan har sonet det siste året."),
    ("brukerorg", "factor", "bolig", "experience", "Hybelen lå over mitt gamle salgssted."),
    ("spesialisthelse", "factor", "psykiatri", "experience", "Angsten kommer gjerne uka etter løslatelsen."),
    ("kriminalomsorgen", "factor", "loslatelse", "experience", "Fredag klokka tre er alle kontorer stengt."),
    ("kommune_bolig", "link", CONTESTED, "experience", "To av tre saker gjelder husleie."),
]
STANCES: dict[str, list[tuple[str, str, str | None, str]]] = {
    CONTESTED: [
        ("nav_kommune", "asserts", "+", "Vi ser det hver uke."),
        ("kommune_bolig", "asserts", "+", "Husleia er det siste som betales."),
        ("politi", "rejects", None, "De vi møter, kastes ut for bråk, ikke for gjeld."),
        ("brukerorg", "asserts", "-", "Jeg flyttet selv før de kom."),
        ("kriminalomsorgen", "unsure", None, ""),
    ],
    "L09": [
        ("kommune_bolig", "asserts", "-", "Rus ødelegger naboskapet."),
        ("brukerorg", "rejects", None, "Det er kravet om rusfrihet som ødelegger, ikke rusen."),
        ("spesialisthelse", "asserts", "-", ""),
    ],
    "L10": [
        ("brukerorg", "asserts", "-", "Med egen dør kunne jeg begynne å trappe ned."),
        ("spesialisthelse", "asserts", "-", ""),
        ("kommune_bolig", "asserts", "-", ""),
        ("politi", "unsure", None, "Noen får bare et nytt salgssted."),
    ],
    "L60": [("nav_kommune", "asserts", "+", ""), ("kriminalomsorgen", "asserts", "+", "")],
    "L69": [
        ("kriminalomsorgen", "asserts", "-", "Uten dato får ingen planlagt bolig."),
        ("nav_kommune", "asserts", "-", ""),
        ("kommune_bolig", "asserts", "-", ""),
    ],
    "L74": [("politi", "asserts", "+", "Særlig vinning."), ("brukerorg", "unsure", None, "")],
    "L12": [("spesialisthelse", "asserts", "-", ""), ("brukerorg", "asserts", "-", "")],
    "L57": [
        ("politi", "asserts", "+", ""),
        ("nav_kommune", "rejects", None, "De fleste med gjeld er lovlydige."),
    ],
}
RATINGS = {
    "bolig": (4, 5, 4, 5, 3, 5),
    "gjeld": (5, 4, 2, 2, 4, 3),
    "rus": (3, 3, 4, 5, 5, 2),
    "nettverk": (2, 3, 4, 3, 2, 5),
    "loslatelse": (5, 4, 5, 2, 3, 4),
    "utkastelse": (3, 5, 1, 2, 2, 4),
}


def fill(room: Room) -> dict[str, Voice]:
    """Let six agencies say what they see; returns each agency's voice."""
    people = {agency: room.join(agency, ALIASES[agency]) for agency in FRAMINGS}
    for link, taken in STANCES.items():
        for agency, stance, sign, reason in taken:
            own = {} if sign is None else {"sign": sign}
            people[agency].does("take_stance", link=link, stance=stance, reason=reason, **own)
    for agency, kind, target, note, text in NOTES:
        people[agency].does("annotate", target_kind=kind, target=target, note_kind=note, text=text)
    for factor, said in RATINGS.items():
        for voice, importance in zip(people.values(), said, strict=True):
            voice.does("rate_factor", factor=factor, importance=importance)
    for agency, framing in FRAMINGS.items():
        people[agency].does("write_framing", **framing)
    for term, meanings in MEANINGS.items():
        for agency, text in meanings.items():
            people[agency].does("define_term", term=term, text=text)
    people["brukerorg"].does(
        "propose_factor",
        label="Ventetid på bolig",
        domain="bolig",
        reason="Fire måneder på venteliste er fire måneder på gata.",
    )
    people["kriminalomsorgen"].does(
        "propose_link",
        source="nettverk",
        target="loslatelse",
        sign="-",
        rationale="Familien kan møte ved porten.",
    )
    return people


MEANINGS = {
    "G05": {
        "kommune_bolig": "Å skaffe bolig og hjelpe folk å bli boende.",
        "politi": "At det er ro i oppgangen.",
        "brukerorg": "At noen spør hvordan jeg vil bo.",
    },
    "G18": {
        "nav_kommune": "At vi møtes før løslatelsen, ikke etter.",
        "spesialisthelse": "Felles plan med én som har ansvaret for den.",
    },
}


class Camera:
    """Opens pages as somebody, and keeps small pictures of them."""

    def __init__(self, browser: Browser, room: Room, folder: Path, wanted: str) -> None:
        self.browser = browser
        self.room = room
        self.folder = folder
        self.wanted = wanted

    @contextmanager
    def page(
        self, voice: Voice | None, size: Any, language: str = "nb", scheme: str = "light"
    ) -> Iterator[Page]:
        """Open a browser with somebody's cookies, or nobody's."""
        context = self.browser.new_context(
            viewport=size,
            locale={"nb": "nb-NO", "nn": "nn-NO", "en": "en-GB"}[language],
            reduced_motion="reduce",
            color_scheme=scheme,  # type: ignore[arg-type]
        )
        url = self.room.house.url
        for one in voice.client.cookies.jar if voice else ():
            context.add_cookies([{"name": one.name, "value": one.value or "", "url": url}])
        context.add_cookies([{"name": "wm_language", "value": language, "url": url}])
        page = context.new_page()
        page.on("pageerror", lambda error: print(f"error on {page.url}: {error}"))
        yield page
        context.close()

    def go(self, page: Page, surface: str, place: str = "") -> None:
        """Open a surface at a place of it, and wait until it is connected."""
        page.goto(f"{self.room.house.url}/w/{self.room.id}/{surface}{place}")
        page.wait_for_function("() => window.wickedmap?.live?.state() === 'online'")

    def take(self, page: Page, name: str, *, whole: bool = False) -> None:
        """Keep a picture of the page as it is now, or of all of it."""
        if self.wanted not in name:
            return
        page.wait_for_load_state("networkidle")
        page.wait_for_function("() => !document.querySelector('[data-pending=true], [data-loading=true]')")
        # The canvas fades to its new places; nothing on the page says when it is there.
        page.wait_for_timeout(500)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wide > 0:
            print(f"{name}: {wide} px too wide")
        size = page.viewport_size
        if whole and size:
            # What stands at the lower edge would else be in the middle of the picture.
            high = page.evaluate("document.documentElement.scrollHeight")
            page.set_viewport_size({"width": size["width"], "height": max(high, size["height"])})
            page.wait_for_timeout(300)
        taken = page.screenshot()
        if whole and size:
            page.set_viewport_size(size)
        picture = Image.open(io.BytesIO(taken)).convert("RGB")
        if picture.width > WIDEST:
            picture = picture.resize(
                (WIDEST, round(picture.height * WIDEST / picture.width)), Image.Resampling.LANCZOS
            )
        small = picture.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        small.save(self.folder / f"{name}.png", optimize=True)


def wall(camera: Camera, lead: Voice) -> None:
    """Lead the wall through all it can show."""
    room = camera.room
    viewer = room.enter("viewer")
    with camera.page(viewer, WALL) as page:
        camera.go(page, "projector")
        lead.does("set_wall", view="join")
        camera.take(page, "wall-join")
        for stage, name in enumerate(("list", "star", "linked", "web"), 1):
            lead.does("set_wall", view="map")
            lead.does("set_stage", stage=stage)
            camera.take(page, f"wall-stage-{stage}-{name}")
        lead.does("set_spotlight", target_kind="factor", target="gjeld")
        camera.take(page, "wall-spotlight-factor")
        lead.does("set_spotlight", target_kind="link", target=CONTESTED)
        camera.take(page, "wall-spotlight-contested-link")
        lead.does("set_spotlight", target_kind="loop", target="R6", links=["L57", "L58"])
        camera.take(page, "wall-loop")
        lead.does("set_spotlight")
        lead.does("set_centre", factor="gjeld")
        camera.take(page, "wall-another-centre")
        lead.does("set_centre")
        for view in ("overlay", "framings", "matrix", "distance", "loops", "movement", "quote"):
            lead.does("set_wall", view=view)
            camera.take(page, f"wall-{view}")
        lead.does("set_wall", view="pair", agencies=["politi", "brukerorg"])
        camera.take(page, "wall-pair")
        lead.does("set_wall", view="terms", term="G05")
        camera.take(page, "wall-terms")
        lead.does("set_wall", view="map")
        for theme in ("dark", "contrast"):
            lead.does("set_room", theme=theme)
            camera.take(page, f"wall-{theme}")
        lead.does("set_room", theme="light", language="nn")
        camera.take(page, "wall-nynorsk")
        lead.does("set_room", language="en")
        camera.take(page, "wall-english")
        lead.does("set_room", language="nb")


BROUGHT = (
    "fra;til;fortegn\nStabil og egna bolig;Uro;-\nUro;Barn på flyttefot;+\nGjeld;Uro;+\n"
    "Barn på flyttefot;Skolefravær;+\nUro;Søvnløshet;negatve\n"
)
"""A file as somebody might bring it, with another wording of a factor and a sign that is misspelt."""


def console(camera: Camera, lead: Voice) -> None:
    """Open the panels of the console."""
    with camera.page(lead, DESK) as page:
        camera.go(page, "console")
        camera.take(page, "console")
        page.locator("[data-as=list]").click()
        page.locator("#console-outline-list button.wm-console-name", has_text="Gjeld").first.click()
        camera.take(page, "console-factor-chosen")
        for tab in ("add", "proposals", "reveal", "people", "room", "history"):
            page.locator(f"[data-tab={tab}]").click()
            camera.take(page, f"console-{tab}")
    for size, said in ((DESK, ""), (PHONE, "-phone")):
        with camera.page(lead, size) as page:
            camera.go(page, "console", "#tab=add")
            page.locator("button[data-opens=console-import]").click()
            form = page.locator("form[data-import]")
            form.locator("input[type=file]").set_input_files(
                {"name": "notat.csv", "mimeType": "text/csv", "buffer": BROUGHT.encode()}
            )
            form.locator("button[type=submit]").click()
            page.locator(".wm-import-picture").scroll_into_view_if_needed()
            page.wait_for_function("() => document.querySelector('.wm-import-picture')?.naturalWidth")
            camera.take(page, f"console-import{said}")
    for language, name in (("nn", "nynorsk"), ("en", "english")):
        with camera.page(lead, DESK, language) as page:
            camera.go(page, "console")
            camera.take(page, f"console-{name}")


PLACES = {
    "map": "#map",
    "factor": "#factor/gjeld",
    "link": f"#link/{CONTESTED}",
    "framing": "#framing",
    "mine": "#mine",
    "propose": "#propose",
}


def phone(camera: Camera, person: Voice) -> None:
    """Open each place of a phone, in three languages and at the narrowest."""
    for size, language, said in (
        (PHONE, "nb", ""),
        (NARROW, "nb", "-320px"),
        (PHONE, "nn", "-nynorsk"),
        (PHONE, "en", "-english"),
    ):
        with camera.page(person, size, language) as page:
            shown = PLACES if size == PHONE and language == "nb" else dict(list(PLACES.items())[:4])
            for name, place in shown.items():
                camera.go(page, "me", place)
                camera.take(page, f"phone-{name}{said}", whole=not said)
    with camera.page(person, PHONE, scheme="dark") as page:
        camera.go(page, "me", "#factor/gjeld")
        camera.take(page, "phone-factor-dark")


def desks(camera: Camera, lead: Voice) -> None:
    """Open every view that compares and analyses, and the way out."""
    pair = "pair/politi/brukerorg"
    views = (
        "framings",
        "links",
        f"links/{CONTESTED}",
        "factors",
        pair,
        "distance",
        "loops",
        "terms",
        "movement",
    )
    for size, said in ((WALL, ""), (PHONE, "-phone")):
        with camera.page(lead, size) as page:
            for view in views:
                camera.go(page, "compare", f"#{view}")
                named = "link-opened" if view == f"links/{CONTESTED}" else view.split("/")[0]
                camera.take(page, f"compare-{named}{said}", whole=not said)
        with camera.page(lead, size) as page:
            for name, place in {
                "loops": "loops",
                "loop-opened": "loops?loop=" + "~".join(LOOP),
                "leverage": "leverage",
                "reach": "reach?factor=gjeld&target=utkastelse&way=down",
                "held": "held",
                "what-if": "what_if?done=housing_first&target=gjeld",
            }.items():
                camera.go(page, "analyse", f"#{place}")
                page.locator("#analyse-panel [data-answer]:not([data-pending=true]) h2").first.wait_for()
                camera.take(page, f"analyse-{name}{said}")
            camera.go(page, "analyse", "#reach")
            page.locator("#wm-quadrants").scroll_into_view_if_needed()
            page.evaluate("document.getElementById('wm-quadrants').scrollIntoView()")
            camera.take(page, f"analyse-quadrants{said}")
        with camera.page(camera.room.enter("researcher"), size) as page:
            camera.go(page, "export")
            camera.take(page, f"export{said}", whole=not said)
    with camera.page(lead, WALL, "en") as page:
        camera.go(page, "compare", "#links")
        camera.take(page, "compare-links-english")
    with camera.page(lead, WALL, "nn") as page:
        camera.go(page, "analyse", "#leverage")
        page.locator("#analyse-panel [data-answer]:not([data-pending=true]) h2").first.wait_for()
        camera.take(page, "analyse-leverage-nynorsk")


def doors(camera: Camera) -> None:
    """Open the pages that nobody needs a key for."""
    url = camera.room.house.url
    for size, said in ((WALL, ""), (PHONE, "-phone")):
        with camera.page(None, size) as page:
            page.goto(url)
            camera.take(page, f"start{said}")
            page.goto(camera.room.house.addresses["start"])
            camera.take(page, f"start-host{said}", whole=True)
            page.goto(f"{url}/join")
            camera.take(page, f"join-code{said}")
            page.goto(f"{url}/j/{camera.room.code}")
            camera.take(page, f"join-agency{said}")
            page.goto(f"{url}/finnes-ikke")
            camera.take(page, f"problem-not-found{said}")


def main(folder: Path, wanted: str = "") -> None:
    """Fill a workshop and take the pictures whose names hold `wanted`."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as data, sync_playwright() as playwright:
        house = House(Path(data) / "house").start()
        chromium = playwright.chromium.launch(
            executable_path=os.environ.get("WICKEDMAP_CHROMIUM", "/usr/bin/chromium"), args=ARGUMENTS
        )
        try:
            room = house.open_room(title=TITLE)
            lead = room.enter("facilitator")
            people = fill(room)
            camera = Camera(chromium, room, folder, wanted)
            doors(camera)
            lead.does("set_agenda", template="90")
            lead.does("set_step", step=2)
            lead.does("set_stage", stage=4)
            lead.does(
                "reveal", notes=True, stances=True, ratings=True, framings=True, proposals=True, terms=True
            )
            people["nav_kommune"].does("take_stance", link="L57", stance="unsure")
            lead.does("show_names", shown=True)
            for take in (wall, console):
                take(camera, lead)
            phone(camera, people["nav_kommune"])
            desks(camera, lead)
        finally:
            chromium.close()
            house.close_clients()
            house.stop()


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), *sys.argv[2:3])
