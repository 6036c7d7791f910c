# All tests of the lamp. That one fails does not keep the others from being run.
status=0
go test ./... || status=1
python3 -m pytest -q --junitxml=build/panel.xml || status=1
exit $status
