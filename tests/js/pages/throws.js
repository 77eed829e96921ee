throw new Error("what another origin does not tell");
