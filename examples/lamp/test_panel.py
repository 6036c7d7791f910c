import pytest

from panel import shown


@pytest.mark.requirement("PANEL-1")
@pytest.mark.parametrize("brightness", [1, 50, 100])
def test_percent(brightness):
    assert shown(brightness) == f"{brightness} %"


@pytest.mark.requirement("PANEL-2")
def test_off():
    assert shown(0) == "off"
