"""What takes too long for everyday: hours made short, floods, crowds, kills by the dozen.

`make soak` runs these tests one after another with those of the other suites that show a promise too, prints a table and
writes docs/reliability.md. `requirements.py` says what is promised and which test shows it. A test here wears
`@pytest.mark.soak`, and `@pytest.mark.timeout` beyond five minutes; it tells its figures by the fixture `figures`.
"""
