from app.db.answers import positional


def test_names_become_numbers_and_a_repeated_one_stays_one_value() -> None:
    assert positional("SELECT :a, :b, :a") == (b"SELECT $1, $2, $1", ("a", "b"))


def test_casts_times_and_json_are_not_taken_for_parameters() -> None:
    sql = """SELECT '{"a": null,"b":[' || :b::text || ']}', TIME '12:30', x::bigint[:n]"""
    assert positional(sql) == (
        b"""SELECT '{"a": null,"b":[' || $1::text || ']}', TIME '12:30', x::bigint[$2]""",
        ("b", "n"),
    )
