/* Draws the description of the API into its place. A key that is typed here is kept by nobody. */
(function () {
  "use strict";
  var place = document.getElementById("api");
  window.SwaggerUIBundle({
    url: place.dataset.description,
    domNode: place,
    deepLinking: false,
    docExpansion: "list",
    defaultModelsExpandDepth: -1,
    persistAuthorization: false,
    validatorUrl: null,
    supportedSubmitMethods: ["get", "post", "put", "delete"],
  });
})();
