"""`lstmcli schema`: a JSON schema of specs, for editors."""

import json

import click

from lstmcli.cli.streams import result


@click.command("schema")
def command() -> None:
    """Print a JSON schema of specs, by which editors complete, explain and check them.

    `lstmcli schema > lstmcli.schema.json`, and in the first line of a spec:
    `# yaml-language-server: $schema=lstmcli.schema.json`
    """
    from lstmcli.schema import spec_schema

    result(json.dumps(spec_schema(), ensure_ascii=False, indent=1))
