/** A coin above two bars: the balance, and its stand-in. */
export const ICON = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="6" ' +
    'fill="#1f3a5f"/><circle cx="16" cy="11" r="6" fill="#ffd166"/><path d="M6 21h20M6 26h13" stroke="#fff" ' +
    'stroke-width="3" stroke-linecap="round"/></svg>';
/** The page's own, because the plugin's has no viewport: a phone would show it 980 pixels wide. */
export const PAGE = `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>stip-sandbox: every call, to read and to try</title>
<link rel="icon" type="image/svg+xml" href="/favicon.ico">
<link rel="stylesheet" href="/docs/static/swagger-ui.css">
<link rel="stylesheet" href="/docs/static/index.css">
<style>
.swagger-ui .opblock .opblock-summary-path { word-break: break-all; }
@media (max-width: 640px) {
  .swagger-ui .wrapper, .swagger-ui .information-container.wrapper { padding: 0 10px; }
  .swagger-ui .info { margin: 16px 0; }
  .swagger-ui .info .title { font-size: 28px; }
  .swagger-ui .opblock .opblock-summary-method { min-width: 64px; font-size: 12px; }
  .swagger-ui .opblock .opblock-summary-description { display: none; }
  .swagger-ui .opblock .opblock-summary-path { max-width: none; font-size: 13px; }
  .swagger-ui .opblock-tag small { display: none; }
  .swagger-ui .scheme-container .schemes { padding: 0 10px; }
}
</style>
</head>
<body>
<div id="swagger-ui"></div>
<script src="/docs/static/swagger-ui-bundle.js"></script>
<script src="/docs/static/swagger-ui-standalone-preset.js"></script>
<script src="/docs/static/swagger-initializer.js"></script>
</body>
</html>
`;
//# sourceMappingURL=documentation-page.js.map