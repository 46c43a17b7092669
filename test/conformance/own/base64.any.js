test("btoa and atob", () => {
  equal([btoa("aÿ"), atob(" YQ = = ".replaceAll("= =", "==")), atob("YQ")], ["Yf8=", "a", "a"]);
  throws("InvalidCharacterError", () => btoa("€"));
  throws("InvalidCharacterError", () => atob("a"));
});
