"""Workspaces: making, listing, changing and deleting them, and what a fresh one still needs."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from zoneinfo import available_timezones

from core import clock
from core.errors import BadSetting, StoreBusy
from core.language import tr
from core.viewer import Right, Viewer, owner
from services import sync
from services.connecting import platforms
from services.installation import leasing
from storage import connections, database, entities, workspaces
from storage.workspaces import WorkspaceRow

_LONGEST_NAME = 80
_DEMO_LEASE, _DEMO_LEASE_S = "demo", 30.0

CURRENCIES = dict(
    entry.split(" ", 1)
    for entry in """
AED UAE dirham|AFN Afghan afghani|ALL Albanian lek|AMD Armenian dram|AOA Angolan kwanza|ARS Argentine peso
AUD Australian dollar|AWG Aruban florin|AZN Azerbaijani manat|BAM Bosnian convertible mark|BBD Barbadian dollar
BDT Bangladeshi taka|BHD Bahraini dinar|BIF Burundian franc|BMD Bermudian dollar|BND Brunei dollar
BOB Bolivian boliviano|BRL Brazilian real|BSD Bahamian dollar|BTN Bhutanese ngultrum|BWP Botswana pula
BYN Belarusian rouble|BZD Belize dollar
CAD Canadian dollar|CDF Congolese franc|CHF Swiss franc|CLP Chilean peso|CNY Chinese yuan|COP Colombian peso
CRC Costa Rican colón|CUP Cuban peso|CVE Cape Verdean escudo|CZK Czech koruna|DJF Djiboutian franc|DKK Danish krone
DOP Dominican peso|DZD Algerian dinar|EGP Egyptian pound|ERN Eritrean nakfa|ETB Ethiopian birr|EUR Euro
FJD Fijian dollar|FKP Falkland Islands pound|GBP British pound|GEL Georgian lari|GHS Ghanaian cedi|GIP Gibraltar pound
GMD Gambian dalasi|GNF Guinean franc|GTQ Guatemalan quetzal|GYD Guyanese dollar|HKD Hong Kong dollar
HNL Honduran lempira|HTG Haitian gourde|HUF Hungarian forint|IDR Indonesian rupiah|ILS Israeli new shekel
INR Indian rupee|IQD Iraqi dinar|IRR Iranian rial|ISK Icelandic króna|JMD Jamaican dollar|JOD Jordanian dinar
JPY Japanese yen|KES Kenyan shilling|KGS Kyrgyz som|KHR Cambodian riel|KMF Comorian franc|KPW North Korean won
KRW South Korean won|KWD Kuwaiti dinar|KYD Cayman Islands dollar|KZT Kazakh tenge|LAK Lao kip|LBP Lebanese pound
LKR Sri Lankan rupee|LRD Liberian dollar|LSL Lesotho loti|LYD Libyan dinar|MAD Moroccan dirham|MDL Moldovan leu
MGA Malagasy ariary|MKD Macedonian denar|MMK Myanmar kyat|MNT Mongolian tögrög|MOP Macanese pataca
MRU Mauritanian ouguiya|MUR Mauritian rupee|MVR Maldivian rufiyaa|MWK Malawian kwacha|MXN Mexican peso
MYR Malaysian ringgit|MZN Mozambican metical|NAD Namibian dollar|NGN Nigerian naira|NIO Nicaraguan córdoba
NOK Norwegian krone|NPR Nepalese rupee|NZD New Zealand dollar|OMR Omani rial|PAB Panamanian balboa|PEN Peruvian sol
PGK Papua New Guinean kina|PHP Philippine peso|PKR Pakistani rupee|PLN Polish złoty|PYG Paraguayan guaraní
QAR Qatari riyal|RON Romanian leu|RSD Serbian dinar|RUB Russian rouble|RWF Rwandan franc|SAR Saudi riyal
SBD Solomon Islands dollar|SCR Seychellois rupee|SDG Sudanese pound|SEK Swedish krona|SGD Singapore dollar
SHP Saint Helena pound|SLE Sierra Leonean leone|SOS Somali shilling|SRD Surinamese dollar|SSP South Sudanese pound
STN São Tomé and Príncipe dobra|SVC Salvadoran colón|SYP Syrian pound|SZL Swazi lilangeni|THB Thai baht
TJS Tajikistani somoni|TMT Turkmen manat|TND Tunisian dinar|TOP Tongan paʻanga|TRY Turkish lira
TTD Trinidad and Tobago dollar|TWD New Taiwan dollar|TZS Tanzanian shilling|UAH Ukrainian hryvnia|UGX Ugandan shilling
USD US dollar|UYU Uruguayan peso|UZS Uzbek sum|VED Venezuelan digital bolívar|VES Venezuelan bolívar
VND Vietnamese đồng|VUV Vanuatu vatu|WST Samoan tālā|XAF Central African CFA franc|XCD East Caribbean dollar
XCG Caribbean guilder|XOF West African CFA franc|XPF CFP franc|YER Yemeni rial|ZAR South African rand|ZMW Zambian kwacha
ZWG Zimbabwe gold""".strip()
    .replace("\n", "|")
    .split("|")
)
"""The currencies of ISO 4217 that people are paid in, code -> name; without funds, metals and test codes."""


@dataclass(frozen=True, slots=True)
class FirstRun:
    """What there is to see: nothing yet, a connection that is being read, numbers."""

    has_workspace: bool
    has_demo: bool
    has_connections: bool
    has_accounts: bool


@dataclass(frozen=True, slots=True)
class About:
    """What a workspace is besides its settings: when it was made, and how much hangs on it."""

    kind: str
    created_at: datetime
    connections: int
    accounts: int


@cache
def time_zones() -> tuple[str, ...]:
    """The time zones of today's countries, by name, and UTC; without the old names that only point to one of these."""
    lines = (files("tzdata.zoneinfo") / "zone.tab").read_text(encoding="utf-8").splitlines()
    listed = {line.split("\t")[2].strip() for line in lines if line and not line.startswith("#")}
    return ("UTC", *sorted(listed & available_timezones()))


def list_all() -> list[WorkspaceRow]:
    """Every workspace, oldest first."""
    with database.current().read() as connection:
        return workspaces.list_all(connection)


def get(workspace_id: int) -> WorkspaceRow:
    """One workspace. Raises NotFound."""
    with database.current().read() as connection:
        return workspaces.get(connection, workspace_id)


def about(viewer: Viewer) -> About:
    """What the workspace of the viewer is. Raises NotFound."""
    viewer.require(Right.READ)
    with database.current().read() as connection:
        row = workspaces.get(connection, viewer.workspace_id)
        linked = [one for one in connections.list_all(connection, row.id) if one.state != "disconnected"]
        known = entities.accounts(connection, row.id)
    return About(row.kind, clock.from_epoch_ms(row.created_at), len(linked), len(known))


def create(
    name: str,
    *,
    time_zone: str = "UTC",
    currency: str = "USD",
    week_start: int = 0,
    kind: str = "real",
    now: datetime | None = None,
) -> Viewer:
    """Make a workspace; returns its owner as viewer. Raises BadSetting for an empty name or an unknown zone."""
    chosen = checked(name, currency, week_start)
    with database.current().write() as connection:
        made = workspaces.create(
            connection,
            chosen,
            now=now or clock.utc_now(),
            kind=kind,
            time_zone=time_zone,
            currency=currency.upper(),
            week_start=week_start,
        )
    return owner(made)


def checked(name: str, currency: str, week_start: int) -> str:
    """The name without spaces around it. Raises BadSetting for what cannot be used."""
    chosen = " ".join(name.split())
    if not chosen:
        raise BadSetting(tr("A workspace needs a name."), hint=tr("Type one, such as the name of your business."))
    if len(chosen) > _LONGEST_NAME:
        raise BadSetting(
            tr("This name has {n} characters.", n=len(chosen)),
            hint=tr("A workspace needs a name of at most {n}.", n=_LONGEST_NAME),
        )
    if currency.upper() not in CURRENCIES:
        raise BadSetting(
            tr("'{currency}' is no currency.", currency=currency), hint=tr("Use a code of three letters, such as EUR.")
        )
    if week_start not in range(7):
        raise BadSetting(tr("A week starts on a day from 0 (Monday) to 6 (Sunday)."))
    return chosen


def change(viewer: Viewer, *, name: str, time_zone: str, currency: str, week_start: int) -> None:
    """Change what a workspace is called and how it counts. Raises BadSetting, NotFound."""
    viewer.require(Right.MANAGE)
    chosen = checked(name, currency, week_start)
    with database.current().write() as connection:
        workspaces.update(
            connection,
            viewer.workspace_id,
            name=chosen,
            time_zone=time_zone,
            currency=currency.upper(),
            week_start=week_start,
        )


def confirm(viewer: Viewer, typed: str) -> None:
    """Check that a person who is about to delete the workspace typed its name. Raises BadSetting, NotFound."""
    viewer.require(Right.MANAGE)
    name = get(viewer.workspace_id).name
    if " ".join(typed.split()) != name:
        raise BadSetting(tr("This is not the name of the workspace."), hint=tr("Type {name} to delete it.", name=name))


def delete(viewer: Viewer) -> None:
    """Delete the workspace with everything in it.

    Raises StoreBusy while something is read for it: a sync must not write what was just deleted.
    """
    viewer.require(Right.MANAGE)
    with _undisturbed(viewer.workspace_id), database.current().write() as connection:
        workspaces.delete(connection, viewer.workspace_id)


@contextlib.contextmanager
def _undisturbed(workspace_id: int) -> Iterator[None]:
    """Nobody syncs a connection of the workspace, or fills it as the demo, inside the block."""
    store = database.current()
    with store.read() as connection:
        row = workspaces.get(connection, workspace_id)
        linked = connections.list_all(connection, workspace_id)
    with contextlib.ExitStack() as held:
        if row.kind == "demo":
            lease = leasing.Lease(store, _DEMO_LEASE, _DEMO_LEASE_S)
            if not lease.take():
                raise StoreBusy(
                    tr("The demo is being filled just now."), hint=tr("It can be deleted as soon as it is full.")
                )
            held.callback(lease.release)
        for one in linked:
            _keep_unread(held, one, row.name)
        yield


def _keep_unread(held: contextlib.ExitStack, one: connections.ConnectionRow, workspace: str) -> None:
    try:
        held.enter_context(sync.locked(one.id))
    except StoreBusy:
        raise StoreBusy(
            tr(
                "{platform} is being read just now, so {workspace} cannot be deleted yet.",
                platform=platforms.title(one.platform),
                workspace=workspace,
            ),
            hint=tr("Nothing was deleted. Try again when the sync is done."),
        ) from None


def first_run(workspace_id: int | None = None) -> FirstRun:
    """What a person who opens the site finds; of one workspace, or of all."""
    with database.current().read() as connection:
        every = workspaces.list_all(connection)
        chosen = [row for row in every if workspace_id in (None, row.id)]
        return FirstRun(
            has_workspace=bool(chosen),
            has_demo=any(row.kind == "demo" for row in every),
            has_connections=any(connections.list_all(connection, row.id) for row in chosen),
            has_accounts=any(entities.accounts(connection, row.id) for row in chosen),
        )
