/** The block in the editor: a static preview of the conversation, and its settings in the sidebar. No build step. */
(function ({ blocks, blockEditor, components, element, i18n }, facts) {
  const { createElement: el, Fragment } = element;
  const { __ } = i18n;
  const { InspectorControls, PanelColorSettings, useBlockProps } = blockEditor;
  const { ExternalLink, Notice, PanelBody, SelectControl, TextControl, TextareaControl, ToggleControl } =
    components;

  /** Opts in to the new look of fields, because newer editors warn otherwise. */
  const MODERN = { __nextHasNoMarginBottom: true, __next40pxDefaultSize: true };

  function edit({ attributes, setAttributes }) {
    const bind = (name) => ({ onChange: (value) => setAttributes({ [name]: value }), ...MODERN });
    const text = (name, label, help, control = TextControl) =>
      el(control, { label, help, value: attributes[name], ...bind(name) });
    const toggle = (name, label, help) =>
      el(ToggleControl, { label, help, checked: attributes[name], ...bind(name) });
    const choice = (name, label) =>
      el(SelectControl, {
        label,
        value: attributes[name],
        options: facts.choices[name].map((value) => ({ value, label: value })),
        ...bind(name),
      });
    return el(
      Fragment,
      {},
      el(
        InspectorControls,
        {},
        agentPanel(attributes, text),
        el(
          PanelBody,
          { title: __('Appearance', 'voice-agent') },
          choice('layout', __('Layout', 'voice-agent')),
          attributes.layout === 'floating' && choice('placement', __('Corner', 'voice-agent')),
          choice('theme', __('Theme', 'voice-agent')),
          choice('visualizer', __('Visualizer', 'voice-agent')),
        ),
        el(
          PanelBody,
          { title: __('Conversation', 'voice-agent') },
          toggle('textInput', __('Text field', 'voice-agent')),
          toggle('requireConsent', __('Ask for consent before the microphone', 'voice-agent')),
          attributes.requireConsent &&
            text(
              'consentText',
              __('What visitors agree to', 'voice-agent'),
              __('Leave empty for the built-in text.', 'voice-agent'),
              TextareaControl,
            ),
        ),
        el(PanelColorSettings, {
          title: __('Colour', 'voice-agent'),
          initialOpen: false,
          colorSettings: [
            {
              label: __('Accent', 'voice-agent'),
              value: attributes.accent,
              onChange: (accent) => setAttributes({ accent: accent || '' }),
            },
          ],
        }),
      ),
      el('div', useBlockProps(), setupNotice(), preview(attributes)),
    );
  }

  /** The service accepts either a stored agent or a definition, so an id hides the other fields. */
  function agentPanel({ agentId }, text) {
    return el(
      PanelBody,
      { title: __('Agent', 'voice-agent') },
      text(
        'agentId',
        __('Agent id', 'voice-agent'),
        facts.defaultAgent
          ? i18n.sprintf(
              /* translators: %s: id of an agent */
              __('Leave empty for the default agent, %s, or to define an agent below.', 'voice-agent'),
              facts.defaultAgent,
            )
          : __('Id of an agent stored with the service. Or define one below.', 'voice-agent'),
      ),
      !agentId &&
        text(
          'systemPrompt',
          __('System prompt', 'voice-agent'),
          __('The role and behaviour of the agent. Every visitor can read this in the page.', 'voice-agent'),
          TextareaControl,
        ),
      !agentId &&
        text(
          'greeting',
          __('Greeting', 'voice-agent'),
          __('Spoken word for word at the start.', 'voice-agent'),
        ),
      !agentId && text('voice', __('Voice', 'voice-agent')),
    );
  }

  function setupNotice() {
    if (facts.hasKey) return null;
    return el(
      Notice,
      { status: 'warning', isDismissible: false },
      __('There is no API key yet, so visitors see nothing here.', 'voice-agent'),
      ' ',
      facts.settingsUrl && el(ExternalLink, { href: facts.settingsUrl }, __('Set it up', 'voice-agent')),
    );
  }

  /** A static preview: a live tag could open the microphone while the author edits. */
  function preview({ layout, placement, theme, accent, agentId, greeting, textInput, requireConsent }) {
    const lines = [
      agentId || greeting || facts.defaultAgent || __('The agent listens first.', 'voice-agent'),
      layout === 'floating' &&
        /* translators: %s: a corner, e.g. bottom-end */
        i18n.sprintf(__('Floats in a corner of the window: %s', 'voice-agent'), placement),
      requireConsent && __('Asks for consent first.', 'voice-agent'),
    ].filter(Boolean);
    return el(
      'div',
      {
        className: `voice-agent-preview is-${layout} is-${theme}`,
        style: accent ? { '--voice-agent-accent': accent } : undefined,
      },
      el('span', { className: 'voice-agent-preview-orb', 'aria-hidden': true }),
      el(
        'div',
        {},
        el('strong', {}, __('Voice conversation', 'voice-agent')),
        ...lines.map((line) => el('p', { key: line }, line)),
      ),
      textInput && el('span', { className: 'voice-agent-preview-line' }, __('Type a message', 'voice-agent')),
    );
  }

  blocks.registerBlockType('voice-agent/conversation', { edit, save: () => null });
})(window.wp, window.voiceAgentEditor);
