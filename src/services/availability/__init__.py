"""What is available: by bucket, as a sum, for a demand, and from which buckets it is met."""

from services.availability.allocating import Allotment, Breach, Demand, Part, allocate

__all__ = ["Allotment", "Breach", "Demand", "Part", "allocate"]
