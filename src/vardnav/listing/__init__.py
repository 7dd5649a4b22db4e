"""Every resident's clinic and named doctor: choices, ceilings, caps, queues and offers, as periods with a history."""
