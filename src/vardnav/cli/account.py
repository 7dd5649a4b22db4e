"""vardnav account: staff accounts, also before anyone can log in."""

from datetime import datetime, timedelta
from typing import Annotated

import typer

from vardnav.cli.ready import ready
from vardnav.kernel.errors import Refusal

app = typer.Typer(help="Staff accounts and assignments; the first administrator begins here.", no_args_is_help=True)

Login = Annotated[str, typer.Argument(help="The name written when logging in.")]
Role = Annotated[str, typer.Argument(help="clinic_staff, clinic_head, region_planner or administrator.")]


@app.command(name="open")
def open_(
    login: Login,
    name: Annotated[str, typer.Option(help="First and last name.")],
    hsa_id: Annotated[str, typer.Option(help="The person's HSA-id.")],
) -> None:
    """Open an account and print its temporary password, which is kept nowhere else."""
    ready()
    from vardnav.identity import actions
    from vardnav.kernel import hsa_id as hsa_ids
    from vardnav.kernel.actor import system

    try:
        hsa_id = hsa_ids.parse(hsa_id)
    except hsa_ids.NotAnHsaId as error:
        raise Refusal(f"{error}.") from error
    _, password = actions.open_staff_account(login=login, name=name, hsa_id=hsa_id, by=system("cli"), now=_now())
    typer.echo(
        f"{login} is open. The temporary password is good for 72 hours. At the first login another is chosen, and a"
        f" second step set up: a passkey or an app that makes codes.\nPassword: {password}"
    )


@app.command()
def reset(login: Login) -> None:
    """Take away the second steps and the password, and print a temporary password: for who has lost everything."""
    ready()
    from vardnav.identity import actions
    from vardnav.kernel.actor import system

    password = actions.reset_factors(_account_id(login), by=system("cli"), now=_now())
    typer.echo(f"{login} begins anew. The temporary password is good for 72 hours.\nPassword: {password}")


@app.command()
def unlock(login: Login) -> None:
    """Let a person try again at once after too many wrong tries."""
    ready()
    from vardnav.identity import actions
    from vardnav.kernel.actor import system

    actions.open_again(_account_id(login), by=system("cli"), now=_now())
    typer.echo(f"{login} may try again.")


@app.command()
def assign(
    login: Login,
    role: Role,
    unit: Annotated[str, typer.Argument(help="HSA-id of the unit.")],
    reason: Annotated[str, typer.Option(help="Why; it stands in the log.")],
    days: Annotated[int | None, typer.Option(help="How many days from now; without it, until ended.", min=1)] = None,
) -> None:
    """Let a person act in a role at a unit."""
    ready()
    from vardnav.identity import actions
    from vardnav.kernel import actor
    from vardnav.organisation.selectors import unit_by_hsa_id

    if role not in list(actor.Role):
        raise Refusal(f"There is no role {role!r}: use {', '.join(actor.Role)}.")
    at = unit_by_hsa_id(unit.upper())
    if at is None:
        raise Refusal(f"There is no unit {unit}.")
    now = _now()
    actions.grant_assignment(
        account_id=_account_id(login),
        role=actor.Role(role),
        unit_hsa_id=at.hsa_id,
        unit_name=at.name,
        provider_hsa_id=at.care_provider.hsa_id,
        starts_at=now,
        ends_at=now + timedelta(days=days) if days else None,
        reason=reason,
        by=actor.system("cli"),
        now=now,
    )
    typer.echo(f"{login} is {role} at {at.name}.")


@app.command()
def end(login: Login, unit: Annotated[str, typer.Option(help="Only assignments at this unit (HSA-id).")] = "") -> None:
    """End a person's assignments at this instant."""
    ready()
    from vardnav.identity import actions, selectors
    from vardnav.kernel.actor import system

    now = _now()
    going_on = [
        one
        for one in selectors.assignments_of(_account_id(login))
        if (one.ends_at is None or one.ends_at > now) and unit.upper() in ("", one.unit_hsa_id)
    ]
    if not going_on:
        raise Refusal(f"{login} has no such assignment to end.")
    for one in going_on:
        actions.end_assignment(one.id, by=system("cli"), now=now)
    typer.echo(f"{len(going_on)} assignment(s) of {login} ended.")


@app.command()
def close(login: Login) -> None:
    """Close an account: it is out at once, and its assignments end."""
    ready()
    from vardnav.identity import actions
    from vardnav.kernel.actor import system

    actions.close_account(_account_id(login), by=system("cli"), now=_now())
    typer.echo(f"{login} is closed.")


@app.command(name="list")
def list_(query: Annotated[str, typer.Argument(help="Part of a name.")] = "") -> None:
    """Staff accounts by name, with the assignments that hold now."""
    ready()
    from rich.console import Console
    from rich.table import Column, Table

    from vardnav.identity import selectors

    table = Table("name", "login", Column("HSA-id", no_wrap=True), "account", "assignments")
    after = ""
    while rows := selectors.staff_accounts(now=_now(), query=query, after=after, most=200):
        for row in rows:
            state = "closed" if not row.is_active else "locked" if row.is_locked else "open"
            assignments = "\n".join(f"{one.role}, {one.unit_name}" for one in row.assignments)
            table.add_row(row.name, row.login, row.hsa_id, state, assignments)
        after = rows[-1].sort
    Console().print(table)


def _now() -> datetime:
    from django.utils import timezone

    return timezone.now()


def _account_id(login: str) -> int:
    from vardnav.identity import selectors

    found = selectors.account_of_login(login)
    if found is None:
        raise Refusal(f"There is no account {login!r}.")
    return found.id
