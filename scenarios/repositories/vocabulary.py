"""The words of a trade, and the cast that a seed picks from them: names of the project, its nouns, its folders.

Not here: what is told with them (the aspects).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping
    from random import Random

AREAS: Final = 4
"""How many nouns get a package of their own; the others name tables, jobs and the like."""

TRADES: Final[Mapping[str, tuple[str, str]]] = {
    "freight": (
        "freightdesk harbourline cargolane",
        """shipment shipments pieces weight_grams destination
        parcel parcels height_mm weight_grams barcode
        depot depots doors shelf_count city
        carrier carriers trucks price_cents contact
        manifest manifests lines gross_grams seal
        pallet pallets layers load_grams position
        driver drivers shifts rest_minutes licence
        waybill waybills copies value_cents consignee""",
    ),
    "tickets": (
        "boxoffice frontrow stagedoor",
        """seat seats row_number price_cents block
        venue venues halls capacity street
        voucher vouchers uses worth_cents code
        booking bookings places total_cents channel
        patron patrons visits credit_cents email
        season seasons nights price_cents motto
        tour tours stops fee_cents agent
        pass passes entries price_cents holder""",
    ),
    "clinics": (
        "wardbook carelane clinicore",
        """patient patients visits weight_grams surname
        referral referrals pages waiting_days reason
        ward wards beds floor_number wing
        specimen specimens tubes volume_ml material
        clinician clinicians sessions minutes_booked grade
        roster rosters shifts hours_planned unit
        invoice invoices lines total_cents payer
        prescription prescriptions repeats dose_mg substance""",
    ),
    "media": (
        "reelhouse broadsheet pressroom",
        """article articles words reading_seconds headline
        episode episodes number runtime_seconds title
        licence licences territories fee_cents owner
        rendition renditions width_px bitrate_kbps codec
        channel channels hours_daily viewers callsign
        contributor contributors pieces fee_cents byline
        clip clips frames length_ms caption
        issue issues pages price_cents cover""",
    ),
    "energy": (
        "meterhall gridwise voltbook",
        """meter meters digits amps_rated serial
        tariff tariffs bands price_cents label
        outage outages homes_affected minutes_lasted cause
        contract contracts months fee_cents signatory
        feeder feeders spans load_kw circuit
        crew crews members hours_booked base_town
        reading readings registers energy_wh source
        substation substations bays capacity_kva parish""",
    ),
}
VENDORS: Final = ["norvik", "tallyhub", "postrail", "quillpay", "opendock", "brightmap"]
REGIONS: Final = ["eu-west", "eu-north", "us-east", "ap-south", "ca-central"]
TEAMS: Final = ["harbour", "lantern", "compass", "anvil", "meadow", "orchard", "quarry", "beacon"]
PEOPLE: Final = [
    "amara",
    "bjorn",
    "chloe",
    "dmitri",
    "elif",
    "farid",
    "greta",
    "hanno",
    "imani",
    "jonas",
    "katya",
    "luis",
    "maren",
    "nadia",
    "oskar",
    "priya",
]
WEB: Final = ["web", "pages", "http_api"]
JOBS: Final = ["jobs", "tasks", "chores"]


@dataclass(frozen=True)
class Noun:
    """A thing of the trade: two attributes that are whole numbers and one that is a text."""

    one: str
    many: str
    count: str
    amount: str
    text: str

    @property
    def kind(self) -> str:
        """Its name as a class."""
        return self.one.capitalize()


@dataclass(frozen=True)
class Cast:
    """Who and what plays in one repository. `areas` have packages, a lower one never imports a higher one."""

    package: str
    trade: str
    areas: tuple[Noun, ...]
    others: tuple[Noun, ...]
    vendors: tuple[str, ...]
    regions: tuple[str, ...]
    teams: tuple[str, ...]
    people: tuple[str, ...]
    web: str
    jobs: str

    @property
    def words(self) -> dict[str, str]:
        """What every skeleton may name: `$$pkg`, `$$one1` to `$$text4` for the areas, `$$one5` to `$$text8` beside."""
        words = {"pkg": self.package, "PKG": self.package.upper(), "Pkg": self.package.capitalize()}
        words |= {"trade": self.trade, "web": self.web, "jobs": self.jobs, "vendor": self.vendors[0]}
        for number, noun in enumerate((*self.areas, *self.others), 1):
            words |= {f"{part}{number}": word for part, word in words_of(noun).items()}
        return words


def words_of(noun: Noun) -> dict[str, str]:
    """A noun's names for a skeleton, and the article that it takes."""
    parts = ("one", "many", "kind", "count", "amount", "text")
    return {"a": "an" if noun.one[0] in "aeiou" else "a", **{part: str(getattr(noun, part)) for part in parts}}


def cast_of(rng: Random, seed: int) -> Cast:
    """The cast of a seed; the trades take turns, so that neighbouring seeds tell of different work."""
    trade = list(TRADES)[seed % len(TRADES)]
    packages, nouns = TRADES[trade]
    known = [Noun(*line.split()) for line in nouns.splitlines()]
    rng.shuffle(known)
    return Cast(
        package=rng.choice(packages.split()),
        trade=trade,
        areas=tuple(known[:AREAS]),
        others=tuple(known[AREAS:]),
        vendors=tuple(rng.sample(VENDORS, 2)),
        regions=tuple(rng.sample(REGIONS, 3)),
        teams=tuple(rng.sample(TEAMS, 5)),
        people=tuple(rng.sample(PEOPLE, 12)),
        web=rng.choice(WEB),
        jobs=rng.choice(JOBS),
    )
