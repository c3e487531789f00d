"""Colours that people with any colour vision can tell apart, after Okabe and Ito, and words beside every colour.

No chart says anything by colour alone: cells carry a letter or a number, bars a legend in their own order.
Source: M. Okabe, K. Ito, "Color Universal Design", 2008, https://jfly.uni-koeln.de/color/.
"""

BLACK = "#1b2330"
GREY = "#5b6675"
PALE = "#eceff3"
WHITE = "#ffffff"
# On colours, where the softer black would not be read.
INK = "#000000"
ORANGE = "#e69f00"
SKY = "#56b4e9"
GREEN = "#009e73"
YELLOW = "#f0e442"
BLUE = "#0072b2"
VERMILLION = "#d55e00"
PURPLE = "#cc79a7"

# What each treatment means for us: its colour, its letter in a cell, and its words in a legend.
TREATMENTS = {
    "customer": (BLUE, "C", "customer: ours to show"),
    "shared": (SKY, "S", "shared: our part to show"),
    "assess": (VERMILLION, "A", "assess: no report to rely on"),
    "inherited": (GREEN, "I", "inherited: their report shows it"),
    "not_applicable": (PALE, "", "no bearing"),
}

# Who owns a layer or a control.
OWNERS = {
    "customer": (BLUE, "C", "customer: we own it"),
    "shared": (SKY, "S", "shared: both own a part"),
    "provider": (GREEN, "P", "provider: it owns it"),
    "outsourced_to_third_party": (ORANGE, "O", "outsourced to a third party"),
    "shared_with_third_party": (YELLOW, "T", "shared with a third party"),
    "not_applicable": (PALE, "", "not applicable"),
}

# What the checks of a control found at a place, from worst to best.
CHECK_STATES = {
    "mostly fails": (VERMILLION, "", "half or more of what was decided fails"),
    "fails": (ORANGE, "", "less than half fails"),
    "unknown": (PURPLE, "", "nothing fails, and something could not be read"),
    "passes": (GREEN, "", "everything was read and passes"),
    "nothing": (PALE, "", "nothing there to decide"),
}

# What a report says for a category.
OPINIONS = {
    "unqualified": (GREEN, "U", "covered, opinion unqualified"),
    "qualified": (YELLOW, "Q", "covered, opinion qualified"),
    "adverse": (VERMILLION, "A", "covered, opinion adverse"),
    "disclaimer": (PURPLE, "D", "covered, opinion disclaimed"),
    "no opinion": (GREY, "?", "covered, opinion not known"),
    "not covered": (PALE, "", "not covered"),
}

# Whether a report can be relied on, from best to worst.
RELIANCE = {
    "current": (GREEN, "current"),
    "bridged": (SKY, "bridged by a letter"),
    "stale": (YELLOW, "stale"),
    "expired": (VERMILLION, "expired"),
    "unreliable": (PURPLE, "unreliable"),
    "not_evaluable": (GREY, "not evaluable"),
    "none": (PALE, "no report"),
}

CLOUDS = {"aws": (ORANGE, "AWS"), "azure": (BLUE, "Azure"), "gcp": (GREEN, "Google Cloud")}

SERVICE_MODELS = {
    "iaas": (BLUE, "IaaS: ours from the operating system up"),
    "paas": (SKY, "PaaS: the application ours, data and access shared"),
    "saas": (GREEN, "SaaS: data and access shared"),
}

CHANGES = {"added": (BLUE, "added"), "changed": (YELLOW, "changed"), "removed": (VERMILLION, "removed")}

# How far a third party reaches, from furthest to least, as the warehouse ranks it.
STRENGTHS = {
    "can_admin": "can administer",
    "can_read_data": "can read data",
    "sends_data_to": "is sent data",
    "can_read_config": "can read configuration",
    "identity": "signs people in",
    "hosting": "hosts or supplies",
    "contact": "contact only",
}


def ink_on(colour: str) -> str:
    """The text colour that reads on it: the one with the higher contrast, by the relative luminance of WCAG 2.2."""
    return max((WHITE, INK), key=lambda ink: _contrast(ink, colour))


def _contrast(one: str, other: str) -> float:
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
