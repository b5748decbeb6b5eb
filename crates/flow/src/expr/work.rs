//! How much of a text reading it has looked at, counted in tests alone: that the time is in
//! proportion to the text is a number then, which a busy machine doesn't change.

#[cfg(test)]
thread_local! {
    static LOOKED_AT: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// So many bytes are looked at.
#[cfg_attr(
    not(test),
    expect(unused_variables, clippy::missing_const_for_fn, reason = "counted in tests")
)]
pub(super) fn look_at(bytes: usize) {
    #[cfg(test)]
    LOOKED_AT.set(LOOKED_AT.get() + bytes);
}

/// How many bytes `act` looks at.
#[cfg(test)]
pub(super) fn looked_at(act: impl FnOnce()) -> usize {
    let before = LOOKED_AT.get();
    act();
    LOOKED_AT.get() - before
}
