// Diagnosis: first content follows.
