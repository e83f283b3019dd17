from jpas_gui.app.history import MAX_STEPS, History


def test_a_drag_is_one_step_of_undo():
    history = History(0)
    for value in (1, 2, 3):
        history.push(value, gesture="log_age")
    history.end_gesture()
    history.push(4, gesture="log_age")
    history.undo()
    assert history.present == 3
    history.undo()
    assert history.present == 0
    assert not history.undoable


def test_redo_takes_back_undo_until_something_new_happens():
    history = History("a")
    history.push("b")
    history.undo()
    assert history.redoable
    history.redo()
    assert history.present == "b"
    history.undo()
    history.push("c")
    assert not history.redoable


def test_a_drag_of_another_slider_is_another_step():
    history = History(0)
    history.push(1, gesture="log_age")
    history.push(2, gesture="ebv")
    history.undo()
    assert history.present == 1


def test_nothing_changed_is_no_step():
    history = History(0)
    history.push(0)
    assert not history.undoable


def test_undo_and_redo_at_the_ends_do_nothing():
    history = History(0)
    history.undo()
    history.redo()
    assert history.present == 0


def test_a_drag_that_goes_on_after_undo_is_a_step_of_its_own():
    history = History(0)
    history.push(1, gesture="log_age")
    history.undo()
    history.push(2, gesture="log_age")
    history.undo()
    assert history.present == 0


def test_a_drag_that_comes_back_to_where_it_began_is_no_step():
    history = History(0)
    history.push(1)
    history.push(2, gesture="log_age")
    history.push(1, gesture="log_age")
    assert history.undoable.before == 0
    history.push(3, gesture="log_age")
    history.undo()
    assert history.present == 1


def test_a_change_that_was_made_elsewhere_stays_through_undo_and_redo():
    history = History({})
    history.push({"own": 1})
    history.push({"own": 2})
    history.undo()
    history.rebase(lambda notes: notes | {"other": 5})
    assert history.present == {"own": 1, "other": 5}
    history.undo()
    assert history.present == {"other": 5}
    history.redo()
    history.redo()
    assert history.present == {"own": 2, "other": 5}


def test_a_step_that_is_dropped_leaves_nothing_to_do_again():
    history = History(0)
    history.push(1)
    history.push(2)
    history.drop()
    assert (history.present, history.redoable) == (1, None)
    history.undo()
    history.drop()
    assert history.present == 0


def test_history_is_bounded():
    history = History(0)
    for value in range(1, MAX_STEPS + 50):
        history.push(value)
    steps = 0
    while history.undoable:
        history.undo()
        steps += 1
    assert steps == MAX_STEPS
