"""What channels, policies, quotas and reservations refuse; a part of the tree in errors.py."""

from domain.errors import Conflict, InsufficientStock, Invalid


class FefoReasonRequired(Invalid):
    """Stock that expires earlier would be passed over, and no reason is given."""

    code = "FEFO_REASON_REQUIRED"


class TtlRefused(Invalid):
    """A reservation would last longer than its channel may have it; `details.max` in seconds."""

    code = "TTL_REFUSED"


class BeyondHorizon(Invalid):
    """A day lies further ahead than promises look; `details.max` in days or parts."""

    code = "BEYOND_HORIZON"


class UnknownBucketSize(Invalid):
    """Promises are cut into days or weeks, and into nothing else; `details.known` has them."""

    code = "UNKNOWN_BUCKET_SIZE"


class SharesExceeded(Invalid):
    """The shares or the weights of channels would add up to more than the whole somewhere."""

    code = "SHARES_EXCEEDED"


class InsufficientAtp(InsufficientStock):
    """Enough is there, and the channel may promise less than is asked for."""

    code = "INSUFFICIENT_ATP"


class PolicyOverlaps(Conflict):
    """Another policy with a time of its own counts for the same at the same time."""

    code = "POLICY_OVERLAPS"


class ChannelRetired(Conflict):
    """The channel is not active: it neither sells nor promises."""

    code = "CHANNEL_RETIRED"


class QuotaExceedsAvailable(Conflict):
    """The quotas of a product at a location would set more aside than is available there."""

    code = "QUOTA_EXCEEDS_AVAILABLE"


class QuotaBelowConsumed(Conflict):
    """A quota would be less than what promises have used of it; nothing was written."""

    code = "QUOTA_BELOW_CONSUMED"


class ReservationEnded(Conflict):
    """All of the reservation is consumed, released or expired; `details.state` says which."""

    code = "RESERVATION_ENDED"


class ReservationExpired(ReservationEnded):
    """The reservation's time is over, and so is the grace in which it may still be consumed."""

    code = "RESERVATION_EXPIRED"


class ReservationExceeded(Conflict):
    """Less of the reservation is open than is asked for."""

    code = "RESERVATION_EXCEEDED"
