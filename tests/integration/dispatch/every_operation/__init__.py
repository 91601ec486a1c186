"""Every operation of dispatch, tried by every role."""
