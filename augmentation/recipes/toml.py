"""Values as TOML writes them; the standard library only reads."""

import json


def toml_value(value: object) -> str:
    """One value on one line.

    Raises: TypeError for what TOML does not know.
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(int(value))
    if isinstance(value, float):
        return repr(float(value))
    if isinstance(value, str):  # JSON's escapes are TOML's, but for one character
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(toml_value, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key} = {toml_value(part)}' for key, part in value.items())}}}"
    raise TypeError(f"{type(value).__name__}; a value of TOML; convert it")


def toml_lines(table: dict) -> list[str]:
    """`key = value` for each key; a list of tables has a line for each of them."""
    lines = []
    for key, value in table.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            lines += [f"{key} = [", *[f"    {toml_value(inner)}," for inner in value], "]"]
        else:
            lines.append(f"{key} = {toml_value(value)}")
    return lines


def shown_value(value: object) -> str:
    """A value for a message: as TOML where that is possible, at most 60 characters."""
    try:
        text = toml_value(value)
    except TypeError:
        text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
