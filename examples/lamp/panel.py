"""What the panel of a lamp shows."""


def shown(brightness):
    """The text for a brightness in percent."""
    return "off" if brightness == 0 else f"{brightness} %"
